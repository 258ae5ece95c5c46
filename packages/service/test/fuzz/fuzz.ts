import { type Finding, type Round, type RoundReport, runRound, type Tally } from './round.ts'

const callsPerRound = 100
/** Enough to see what is wrong; the same flaw of a method is told once. */
const findingsMax = 20

/** Rounds with the seeds from `seed` on, until each method has had its calls. */
export async function fuzz({ callsPerMethod, seed, ...rest }: Round): Promise<RoundReport> {
  const findings = new Map<string, Finding>()
  const tallies = new Map<string, Tally>()
  for (let done = 0, round = seed; done < callsPerMethod && findings.size < findingsMax; round++) {
    const share = Math.min(callsPerRound, callsPerMethod - done)
    const report = await runRound({ ...rest, seed: round, callsPerMethod: share })
    done += share
    for (const finding of report.findings) {
      const kind = `${finding.nsid} ${finding.flaw.replaceAll(/[0-9]+/g, '#')}`
      if (!findings.has(kind)) findings.set(kind, finding)
    }
    for (const [nsid, { calls, answered }] of report.tallies) {
      const total = tallies.get(nsid) ?? { calls: 0, answered: 0 }
      tallies.set(nsid, { calls: total.calls + calls, answered: total.answered + answered })
    }
  }
  return { findings: [...findings.values()], tallies }
}
