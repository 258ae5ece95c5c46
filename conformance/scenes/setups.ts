import type { Actor } from './script.ts'

/** A direct convo that nobody has written in yet. @returns its id */
export async function openConvo(actor: Actor, other: Actor): Promise<string> {
  const { convo } = await actor.getConvoForMembers({ members: [other.did] })
  return convo.id
}

/** A direct convo with one message from `actor`, so that the other has a request. */
export async function knock(actor: Actor, other: Actor, text = 'hello'): Promise<string> {
  const convoId = await openConvo(actor, other)
  await actor.sendMessage({ convoId, message: { text } })
  return convoId
}

/** A direct convo that both have accepted, with `hello` from the one and `hi` from the other. */
export async function talk(actor: Actor, other: Actor): Promise<string> {
  const convoId = await knock(actor, other)
  await other.sendMessage({ convoId, message: { text: 'hi' } })
  return convoId
}

/** What happened so far is heard by all of these, and of no more interest. */
export async function catchUp(...actors: Actor[]): Promise<void> {
  for (const actor of actors) await actor.skips()
}
