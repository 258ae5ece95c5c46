import { unreachedRefusals } from './reached.ts'
import { type Round, type RoundReport, runRound } from './round.ts'
import { add } from './tally.ts'

/** Rounds with these seeds, two at a time, until calls have brought about every refusal; or all of them. */
export async function fuzzUntilReached(
  round: Omit<Round, 'seed'>,
  seeds: readonly number[],
): Promise<RoundReport> {
  const report: RoundReport = { findings: [], tallies: new Map() }
  const left = [...seeds]
  const work = async () => {
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
      const { findings, tallies } = await runRound({ ...round, seed })
      report.findings.push(...findings)
      add(report.tallies, tallies)
      if (unreachedRefusals(report.tallies).length === 0) left.length = 0
    }
  }
  await Promise.all([work(), work()])
  return report
}
