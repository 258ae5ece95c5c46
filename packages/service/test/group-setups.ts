import assert from 'node:assert/strict'
import { createGroup } from '../src/endpoints/chat/bsky/group/createGroup.ts'
import { createJoinLink } from '../src/endpoints/chat/bsky/group/createJoinLink.ts'
import { requestJoin } from '../src/endpoints/chat/bsky/group/requestJoin.ts'
import { endpoints } from '../src/endpoints/index.ts'
import type { Endpoint } from '../src/xrpc/endpoint.ts'
import { type Actor, say } from './stage.ts'

/** A group of the owner and these, who have still to accept. */
export async function beginGroup(owner: Actor, members: readonly Actor[], name = 'Readers') {
  const { convo } = await owner.call(createGroup, { name, members: members.map(({ did }) => did) })
  return convo
}

/** The code of a new link to the group. */
export async function openLink(owner: Actor, convo: { id: string }, requireApproval = false) {
  const given = { convoId: convo.id, joinRule: 'anyone', requireApproval }
  return (await owner.call(createJoinLink, given)).joinLink.code
}

/** Somebody who waits for the owner's word. @returns the code of the link */
export async function askToJoin(actor: Actor, owner: Actor, convo: { id: string }) {
  const code = await openLink(owner, convo, true)
  assert.equal((await actor.call(requestJoin, { code })).status, 'pending')
  return code
}

/** The members accept by saying hello in turn. */
export async function sayHello(members: readonly Actor[], convo: { id: string }): Promise<void> {
  for (const member of members) await say(member, convo, 'hello')
}

/** Calls a method by its last two names, whatever it answers. */
export function callByName(actor: Actor, name: string, given: object = {}): Promise<unknown> {
  const found = endpoints.find(({ schema }) => schema.nsid === `chat.bsky.${name}`)
  assert.ok(found, name)
  return actor.call(found as Endpoint, given as never)
}
