import { unreachedRefusals } from './reached.ts'
import { type Round, type RoundReport, runRound } from './round.ts'
import { add } from './tally.ts'

interface Seeds {
  /** Of rounds that run at once. */
  first: readonly number[]
  /** Of rounds that run after them, one by one, as long as a refusal is left that no call has brought about. */
  more: readonly number[]
}

export async function fuzzUntilReached(
  round: Omit<Round, 'seed'>,
  { first, more }: Seeds,
): Promise<RoundReport> {
  const report: RoundReport = { findings: [], tallies: new Map() }
  const run = async (seed: number) => {
    const { findings, tallies } = await runRound({ ...round, seed })
    report.findings.push(...findings)
    add(report.tallies, tallies)
  }
  await Promise.all(first.map(run))
  for (const seed of more) {
    if (unreachedRefusals(report.tallies).length === 0) break
    await run(seed)
  }
  return report
}
