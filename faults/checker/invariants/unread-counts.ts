import { type Evidence, later } from '../evidence.ts'

/**
 * What an account has not read is what others wrote after the newest message that it wrote or marked as read.
 * Broken by: a count that a crash, or a change at the same time, has added to twice or not at all.
 */
export function* unreadCounts(evidence: Evidence): Iterable<string> {
  const marked = new Map<string, string>()
  for (const { invoke } of evidence.answered('read')) {
    const place = `${invoke.account} ${invoke.convo}`
    marked.set(place, later(marked.get(place), invoke.message))
  }
  for (const { account, convo } of evidence.seats()) {
    const own = convo.history.findLast(({ sender }) => sender === account.account)
    const readUpTo = later(marked.get(`${account.account} ${convo.id}`), own?.id)
    const unread = convo.history.filter(
      ({ id, text, sender }) => text !== undefined && sender !== account.account && id > readUpTo,
    )
    if (unread.length !== convo.unread)
      yield `${account.account} is told of ${convo.unread} unread messages in ${convo.id}, and has ${unread.length}`
  }
}
