import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deleteAccount } from '../src/account/delete.ts'
import { addReaction } from '../src/endpoints/chat/bsky/convo/addReaction.ts'
import { getConvo } from '../src/endpoints/chat/bsky/convo/getConvo.ts'
import { getMessages } from '../src/endpoints/chat/bsky/convo/getMessages.ts'
import { leaveConvo } from '../src/endpoints/chat/bsky/convo/leaveConvo.ts'
import { createGroup } from '../src/endpoints/chat/bsky/group/createGroup.ts'
import { createJoinLink } from '../src/endpoints/chat/bsky/group/createJoinLink.ts'
import { rejectJoinRequest } from '../src/endpoints/chat/bsky/group/rejectJoinRequest.ts'
import { requestJoin } from '../src/endpoints/chat/bsky/group/requestJoin.ts'
import { parseTid } from '../src/tid.ts'
import { type Actor, onEveryStore, openConvo, say } from './stage.ts'

async function textsSeenBy(actor: Actor, convoId: string): Promise<string[]> {
  const { messages } = await actor.call(getMessages, { convoId })
  return messages.flatMap(message => ('text' in message ? message.text : []))
}

onEveryStore('deleting an account', stage => {
  test('a convo that came back by a message after the first deletion is erased by the second', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    await say(alice, convo, 'hello')
    await say(bob, convo, 'hi')
    await deleteAccount(set.ctx, alice.did)
    await say(bob, convo, 'still there?')
    await say(alice, convo, 'I came back')
    await deleteAccount(set.ctx, alice.did)
    assert.deepEqual(await textsSeenBy(bob, convo.id), ['still there?', 'hi'])
  })

  test('also where it was left before', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    await say(alice, convo, 'hello')
    await say(bob, convo, 'hi')
    await deleteAccount(set.ctx, alice.did)
    await say(bob, convo, 'still there?')
    await say(alice, convo, 'I came back')
    await alice.call(leaveConvo, { convoId: convo.id })
    await deleteAccount(set.ctx, alice.did)
    assert.deepEqual(await textsSeenBy(bob, convo.id), ['still there?', 'hi'])
  })

  test('with a message go the reactions to it', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const { id: messageId } = await say(alice, convo, 'hello')
    await bob.call(addReaction, { convoId: convo.id, messageId, value: '👍' })
    await deleteAccount(set.ctx, alice.did)
    const erased = await set.ctx.store.forModerators.message(parseTid(messageId)!)
    assert.deepEqual(erased?.reactions, [])
    const { convo: bobs } = await bob.call(getConvo, { convoId: convo.id })
    assert.equal(bobs.lastReaction, undefined)
  })

  test('a request to join that is answered meanwhile is no reason to stop', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const { convo } = await alice.call(createGroup, { name: 'walkers', members: [] })
    const { joinLink } = await alice.call(createJoinLink, {
      convoId: convo.id,
      joinRule: 'anyone',
      requireApproval: true,
    })
    await bob.call(requestJoin, { code: joinLink.code })
    await Promise.all([
      alice.call(rejectJoinRequest, { convoId: convo.id, member: bob.did }),
      deleteAccount(set.ctx, bob.did),
    ])
  })
})
