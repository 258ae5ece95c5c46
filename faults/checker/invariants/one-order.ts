import { type Evidence, type FinalConvo, groupBy } from '../evidence.ts'

/**
 * All members see one order of messages, which is that of their ids, of their logs, and of the clock: of two sends
 * that did not overlap the earlier one stands first.
 * Broken by: an order that is each reader's own, an id given out before the place is certain.
 */
export function* oneOrder(evidence: Evidence): Iterable<string> {
  const convos = groupBy(evidence.seats(), ({ convo }) => convo.id)
  for (const seats of convos.values()) {
    const { account: first, convo } = seats[0]!
    for (const { account, convo: theirs } of seats) {
      yield* notRising(theirs).map(id => `history of ${account.account}: ${id} is out of order`)
      const place = firstDifference(idsOf(convo), idsOf(theirs))
      if (place !== undefined)
        yield `${account.account} has ${theirs.history[place]?.id ?? 'nothing'} where ${first.account} has ${convo.history[place]?.id ?? 'nothing'}`
      const rows = evidence.rowsOf(account, convo.id).filter(row => row.type === 'createMessage')
      const told = rows.map(row => row.message!)
      const atRow = firstDifference(texts(theirs), told)
      if (atRow !== undefined)
        yield `the log of ${account.account} has ${told[atRow] ?? 'nothing'} where the history has ${texts(theirs)[atRow] ?? 'nothing'}`
    }
    yield* overtaken(evidence, convo)
  }
}

function idsOf({ history }: FinalConvo): string[] {
  return history.map(({ id }) => id)
}

/** Without the system's messages, of which the log tells in rows of other types. */
function texts({ history }: FinalConvo): string[] {
  return history.filter(({ text }) => text !== undefined).map(({ id }) => id)
}

function notRising(convo: FinalConvo): string[] {
  const ids = idsOf(convo)
  return ids.filter((id, place) => place > 0 && id <= ids[place - 1]!)
}

function firstDifference(one: readonly string[], other: readonly string[]): number | undefined {
  for (let place = 0; place < Math.max(one.length, other.length); place++) {
    if (one[place] !== other[place]) return place
  }
  return undefined
}

/** A key that was repeated began with its first attempt, and was there at the latest with its first answer. */
function* overtaken(evidence: Evidence, convo: FinalConvo): Iterable<string> {
  const byText = groupBy(
    evidence.sends.get(convo.id) ?? [],
    ({ invoke }) => `${invoke.account} ${invoke.text}`,
  )
  let latestStart = -1
  for (const { id, text, sender } of convo.history) {
    const tries = byText.get(`${sender} ${text}`)
    if (!tries) continue
    const startedAt = Math.min(...tries.map(call => call.startedAt))
    const answers = tries.filter(({ outcome }) => outcome?.kind === 'ok').map(({ endedAt }) => endedAt)
    if (Math.min(...answers) < latestStart)
      yield `${id} stands after one that was sent when it had been answered`
    latestStart = Math.max(latestStart, startedAt)
  }
}
