import { type AnsweredCall, type Evidence, sameMessage, withAnswer } from '../evidence.ts'
import type { Row, Told } from '../history.ts'

/**
 * What was answered with 200 is there in the end, as it was answered, for every member: a message in the history and
 * in the log, a reaction, an acceptance, a group that was created.
 * Broken by: an answer before the commit, a commit that is not on disk, a write that one of the members is left out of.
 */
export function* nothingLost(evidence: Evidence): Iterable<string> {
  for (const { account, convo } of evidence.seats()) {
    const history = new Map<string, Told>(convo.history.map(message => [message.id, message]))
    const log = new Map<string, Row>(
      evidence
        .rowsOf(account, convo.id)
        .flatMap(row => (row.type === 'createMessage' ? [[row.message!, row]] : [])),
    )
    for (const { answer } of (evidence.sends.get(convo.id) ?? []).flatMap(withAnswer)) {
      const { id } = answer.message!
      const [kept, told] = [history.get(id), log.get(id)]
      if (!kept) yield `${id} was acknowledged, and the history of ${account.account} has it not`
      else if (!sameMessage(kept, answer.message!))
        yield `${id} is another in the history of ${account.account}`
      if (!told) yield `${id} was acknowledged, and the log of ${account.account} has it not`
      else if (!sameMessage(told, answer.message!)) yield `${id} is another in the log of ${account.account}`
    }
  }
  yield* lostReactions(evidence)
  yield* lostConvos(evidence)
}

/** Of one account's calls about one reaction, which come one after the other, the last one counts. */
function* lostReactions(evidence: Evidence): Iterable<string> {
  const last = new Map<string, AnsweredCall>()
  for (const call of evidence.answered('react', 'unreact')) {
    const { account, convo, message, value } = call.invoke
    last.set(`${convo} ${message} ${value} ${account}`, call)
  }
  const histories = evidence
    .seats()
    .flatMap(({ account, convo }) =>
      convo.history.map(message => [`${account.account} ${convo.id} ${message.id}`, message] as const),
    )
  const shown = new Map(histories)
  for (const { invoke } of last.values()) {
    const wanted = invoke.op === 'react'
    for (const { account } of evidence.final) {
      const message = shown.get(`${account} ${invoke.convo} ${invoke.message}`)
      if (!message) continue
      const present = message.reactions?.includes(`${invoke.value} ${invoke.account}`) ?? false
      if (present !== wanted)
        yield `${account} sees ${invoke.message} ${present ? 'with' : 'without'} the ${invoke.value} of ${invoke.account}, whose last call was ${invoke.op}`
    }
  }
}

function* lostConvos(evidence: Evidence): Iterable<string> {
  const seats = new Map(
    evidence.seats().map(({ account, convo }) => [`${account.account} ${convo.id}`, convo]),
  )
  for (const { invoke, answer } of evidence.answered('accept', 'create')) {
    const id = invoke.convo ?? answer.convo!.id
    const convo = seats.get(`${invoke.account} ${id}`)
    if (convo?.status !== 'accepted') yield `${invoke.account} has no accepted convo ${id} after ${invoke.op}`
  }
}
