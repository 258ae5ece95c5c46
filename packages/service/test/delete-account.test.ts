import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deleteAccount } from '../src/endpoints/chat/bsky/actor/deleteAccount.ts'
import { deleteMessageForSelf } from '../src/endpoints/chat/bsky/convo/deleteMessageForSelf.ts'
import { getConvo } from '../src/endpoints/chat/bsky/convo/getConvo.ts'
import { getMessages } from '../src/endpoints/chat/bsky/convo/getMessages.ts'
import { updateRead } from '../src/endpoints/chat/bsky/convo/updateRead.ts'
import { createGroup } from '../src/endpoints/chat/bsky/group/createGroup.ts'
import { type Actor, onEveryStore, openConvo, say } from './stage.ts'

onEveryStore('deleting the chat account', stage => {
  test('leaves nobody, at any moment, with another count than there is to read', async () => {
    const set = stage()
    const [ann, ben, carla] = [set.actor('ann'), set.actor('ben'), set.actor('carla')]
    const { convo: group } = await ben.call(createGroup, { name: 'Trail', members: [ann.did, carla.did] })
    const direct = await openConvo(ann, ben)
    for (const convo of [group, direct]) {
      const { id: read } = await say(ann, convo, 'read')
      const { id: hidden } = await say(ann, convo, 'hidden')
      for (const text of ['unread', 'unread too']) await say(ann, convo, text)
      await ben.call(updateRead, { convoId: convo.id, messageId: read })
      await ben.call(deleteMessageForSelf, { convoId: convo.id, messageId: hidden })
    }
    await say(carla, group, 'stays')
    const { id: hiddenByCarla } = await say(ann, group, 'hidden from one')
    await carla.call(deleteMessageForSelf, { convoId: group.id, messageId: hiddenByCarla })
    const unreadOf = async (actor: Actor, convoId: string) =>
      (await actor.call(getConvo, { convoId })).convo.unreadCount
    assert.deepEqual([await unreadOf(ben, group.id), await unreadOf(carla, group.id)], [4, 0])

    const { store } = set.ctx
    const transact = store.transact.bind(store)
    store.transact = async (scope, work) => {
      const done = await transact(scope, work)
      for (const { id: convoId } of [group, direct]) {
        const { messages } = await ben.call(getMessages, { convoId })
        const texts = messages.flatMap(message =>
          'text' in message && message.text !== 'read' ? message.text : [],
        )
        assert.equal(await unreadOf(ben, convoId), texts.length)
      }
      return done
    }
    await ann.call(deleteAccount, undefined as never)
    store.transact = transact
    assert.deepEqual([await unreadOf(ben, group.id), await unreadOf(ben, direct.id)], [1, 0])
    assert.equal(await unreadOf(carla, group.id), 0)
  })
})
