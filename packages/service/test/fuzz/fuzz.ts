import { callsPerRound, type Finding, type Round, type RoundReport, runRound } from './round.ts'
import { add, type Tallies } from './tally.ts'

export interface Fuzzing extends Round {
  /** Rounded up to whole rounds, so that a round is the same whatever came before it. */
  callsPerMethod: number
}

/** Enough to see what is wrong; the same flaw of a method is told once. */
const findingsMax = 20

/** Rounds with the seeds from `seed` on, until each method has had its calls. */
export async function fuzz({
  callsPerMethod,
  seed,
  calls = callsPerRound,
  ...rest
}: Fuzzing): Promise<RoundReport> {
  const findings = new Map<string, Finding>()
  const tallies: Tallies = new Map()
  const rounds = Math.ceil(callsPerMethod / calls)
  for (let round = 0; round < rounds && findings.size < findingsMax; round++) {
    const report = await runRound({ ...rest, calls, seed: seed + round })
    for (const finding of report.findings) {
      const kind = `${finding.nsid} ${finding.flaw.replaceAll(/[0-9]+/g, '#')}`
      if (!findings.has(kind)) findings.set(kind, finding)
    }
    add(tallies, report.tallies)
  }
  return { findings: [...findings.values()], tallies }
}

/** For people: what is wrong, how to see it again, and the request, fit for kept.json. */
export function describeFinding({ nsid, found, flaw, request }: Finding): string {
  const where = found ? `call ${found.callNumber} of ${commandFor(found)}` : 'a kept case'
  return [`${nsid}: ${flaw}`, `  ${where}`, ...(request ? [`  ${JSON.stringify(request)}`] : [])].join('\n')
}

function commandFor({ engine, seed, calls }: NonNullable<Finding['found']>): string {
  return `FUZZ_ENGINE=${engine} FUZZ_SEED=${seed} FUZZ_CALLS=${calls} node packages/service/test/fuzz/run.ts`
}
