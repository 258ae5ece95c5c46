import { type Evidence, groupBy, sameMessage } from '../evidence.ts'

/**
 * One idempotency key is one message and one answer, and nothing is there that nobody sent.
 * Broken by: a retry that is a second send, a key forgotten in a crash, a row from nowhere.
 */
export function* sentOnce(evidence: Evidence): Iterable<string> {
  const byKey = groupBy(evidence.answered('send'), ({ invoke }) => `${invoke.account} ${invoke.key}`)
  for (const [key, sends] of byKey) {
    const first = sends[0]!.answer.message!
    for (const { answer } of sends) {
      if (answer.message!.id !== first.id || !sameMessage(answer.message!, first))
        yield `the key ${key} was answered with ${first.id} and with ${answer.message!.id}`
    }
  }
  const attempts = evidence.calls.filter(({ invoke }) => invoke.op === 'send')
  const sent = new Set(attempts.map(({ invoke }) => `${invoke.account} ${invoke.convo} ${invoke.text}`))
  for (const { account, convo } of evidence.seats()) {
    const seen = new Set<string>()
    for (const { id, text, sender } of convo.history) {
      // The system's own.
      if (text === undefined) continue
      const message = `${sender} ${convo.id} ${text}`
      if (!sent.has(message)) yield `${id} in the history of ${account.account} was sent by nobody`
      if (seen.has(message)) yield `${id} in the history of ${account.account} is there twice`
      seen.add(message)
    }
  }
}
