import { type AnsweredCall, type Evidence, later } from '../evidence.ts'

/**
 * Once a send is answered, everything its sender then reads has it: page, convo, log.
 * Broken by: a read from a snapshot or a cache that is older than the answer. Logs of several processes may lag behind
 * each other, so a log is held to what was sent through the same one.
 */
export function* readYourWrites(evidence: Evidence): Iterable<string> {
  /** The newest that was answered, by account and convo, and by account and process. */
  const written = new Map<string, string>()
  for (const { call, ended } of inOrder(evidence)) {
    const { account, convo, server, op } = call.invoke
    if (op === 'send') {
      if (!ended) continue
      const { id } = call.answer.message!
      for (const place of [`${account} ${convo}`, `${account} #${server}`])
        written.set(place, later(written.get(place), id))
    } else if (!ended) {
      const place = op === 'log' ? `${account} #${server}` : `${account} ${convo}`
      const expected = written.get(place)
      const seen = newest(call)
      if (expected !== undefined && seen !== undefined && seen < expected)
        yield `${account} had been answered ${expected} and read ${seen === '' ? 'nothing' : `up to ${seen}`} (${op}, call ${call.invoke.call})`
    }
  }
}

/** What a read reached; `undefined` where it says nothing of the newest. */
export function newest({ invoke, answer }: AnsweredCall): string | undefined {
  if (invoke.op === 'page') return answer.messages!.at(0)?.id ?? ''
  if (invoke.op === 'convo') return answer.convo!.last ?? ''
  // A full page ends before the end.
  if (invoke.op === 'log') return answer.rows!.length < logPageRows ? answer.cursor! : undefined
  return undefined
}

/** What a page of the log holds may also be fewer, of long messages; histories have short ones. */
const logPageRows = 100

/** Beginnings and ends of what was answered, one after the other. */
export function inOrder(evidence: Evidence): { call: AnsweredCall; ended: boolean }[] {
  const calls = evidence.answered('send', 'page', 'convo', 'log')
  return calls
    .flatMap(call => [
      { call, ended: false, at: call.startedAt },
      { call, ended: true, at: call.endedAt },
    ])
    .sort((a, b) => a.at - b.at)
}
