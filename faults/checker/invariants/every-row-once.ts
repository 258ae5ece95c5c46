import { type AnsweredCall, type Evidence, groupBy } from '../evidence.ts'
import type { Row } from '../history.ts'

/**
 * Whoever follows a log by its cursor is told every row once, in rising order; nothing becomes visible behind a
 * cursor that was handed out. What was told is what the log holds in the end.
 * Broken by: revs given out in another order than commits become visible, an answer from a transaction that never was.
 */
export function* everyRowOnce(evidence: Evidence): Iterable<string> {
  const polls = groupBy(
    evidence.answered('log').filter(({ invoke }) => invoke.cursor !== undefined),
    ({ invoke }) => invoke.account,
  )
  for (const { account, log } of evidence.final) {
    const revs = log.map(({ rev }) => rev)
    for (const [place, rev] of revs.entries()) {
      if (place > 0 && rev <= revs[place - 1]!)
        yield `the log of ${account} has ${rev} after ${revs[place - 1]}`
    }
    for (const poll of polls.get(account) ?? []) yield* flawsOfPage(poll, log, revs)
  }
}

/** A page must be the piece of the final log that begins after its cursor and ends with the cursor it gives. */
function* flawsOfPage({ invoke, answer }: AnsweredCall, log: readonly Row[], revs: readonly string[]) {
  const rows = answer.rows!
  const end = answer.cursor!
  const expected = log.slice(after(revs, invoke.cursor!), after(revs, end))
  const told = new Map(rows.map(row => [row.rev, row]))
  const where = `${invoke.account} after ${invoke.cursor}`
  for (const [place, row] of rows.entries()) {
    if (row.rev <= (rows[place - 1]?.rev ?? invoke.cursor!))
      yield `${where}: was told ${row.rev} out of order`
  }
  for (const row of expected) {
    const seen = told.get(row.rev)
    if (!seen) yield `${where}: ${row.rev} became visible behind the cursor ${end}`
    else if (seen.type !== row.type || seen.message !== row.message) yield `${where}: ${row.rev} was another`
    told.delete(row.rev)
  }
  for (const rev of told.keys()) yield `${where}: was told ${rev}, which is not in the log`
}

/** How many of the rising revs are at or before `rev`. */
function after(revs: readonly string[], rev: string): number {
  let [low, high] = [0, revs.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (revs[middle]! <= rev) low = middle + 1
    else high = middle
  }
  return low
}
