import { type Evidence, later } from '../evidence.ts'
import { inOrder, newest } from './read-your-writes.ts'

/**
 * An account's reads do not go back: what one showed, those that began after it show too. And a page is a piece of
 * the history as it is in the end, without gaps.
 * Broken by: reading from what a crash takes back, or from several places of different age.
 */
export function* monotonicReads(evidence: Evidence): Iterable<string> {
  yield* goingBack(evidence)
  const places = new Map(
    evidence.seats().flatMap(({ account, convo }) => {
      const ids = convo.history.map(({ id }, place) => [id, place] as const)
      return [[`${account.account} ${convo.id}`, new Map(ids)]] as const
    }),
  )
  for (const { invoke, answer } of evidence.answered('page')) {
    const history = places.get(`${invoke.account} ${invoke.convo}`)
    const found = answer.messages!.map(({ id }) => history?.get(id))
    const isPiece = found.every((place, i) => place !== undefined && place === found[0]! - i)
    if (!isPiece)
      yield `${invoke.account} read a page of ${invoke.convo} that is no piece of its history (call ${invoke.call})`
  }
}

function* goingBack(evidence: Evidence): Iterable<string> {
  const shown = new Map<string, string>()
  /** What had been shown when a read began. */
  const expected = new Map<number, string>()
  for (const { call, ended } of inOrder(evidence)) {
    const { account, convo, server, op, call: number } = call.invoke
    const seen = newest(call)
    if (op === 'send' || seen === undefined) continue
    const place = op === 'log' ? `${account} #${server}` : `${account} ${convo}`
    if (!ended) expected.set(number, shown.get(place) ?? '')
    else {
      if (seen < expected.get(number)!)
        yield `${account} had been shown ${expected.get(number)} and then read up to ${seen} (${op}, call ${number})`
      shown.set(place, later(shown.get(place), seen))
    }
  }
}
