import assert from 'node:assert/strict'
import { refused } from '../refusal.ts'
import { subject } from '../script.ts'
import { group, say } from './setups.ts'

export const groupMessages = subject('messages in a group')
const { scene } = groupMessages

scene('a message reaches everybody', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob, carla)
  await say(bob, convoId, 'hello all')
  for (const actor of [alice, bob, carla]) {
    await actor.hears('logCreateMessage bob: hello all')
    await actor.sees(convoId, 'bob: hello all')
  }
  assert.equal((await carla.getConvo({ convoId })).convo.unreadCount, 1)
  assert.equal((await bob.getConvo({ convoId })).convo.unreadCount, 0)
})

scene('one who has not accepted gets it too, and accepts by answering', async ({ alice, bob }) => {
  const { convo } = await alice.createGroup({ name: 'Readers', members: [bob.did] })
  const convoId = convo.id
  await bob.skips()
  await say(alice, convoId, 'hello')
  await bob.hears('logCreateMessage alice: hello')
  assert.deepEqual(await bob.getUnreadCounts(), { unreadAcceptedConvos: 0, unreadRequestConvos: 1 })
  await bob.updateRead({ convoId })
  await bob.skips()
  await say(bob, convoId, 'hi')
  await bob.hears('logAcceptConvo', 'logCreateMessage bob: hi')
  assert.equal((await bob.getConvo({ convoId })).convo.status, 'accepted')
})

scene('everybody sees a reaction and hears of it', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob, carla)
  const messageId = await say(alice, convoId, 'hello')
  for (const actor of [alice, bob, carla]) await actor.skips()
  await bob.addReaction({ convoId, messageId, value: '👍' })
  for (const actor of [alice, bob, carla]) {
    await actor.hears('logAddReaction bob 👍 to alice: hello')
    await actor.sees(convoId, 'alice: hello [bob 👍]')
  }
})

scene('reading is heard by the reader alone', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob, carla)
  await say(alice, convoId, 'hello')
  for (const actor of [alice, bob, carla]) await actor.skips()
  await bob.updateRead({ convoId })
  await bob.hears('logReadMessage alice: hello', 'logReadConvo alice: hello')
  await alice.hears()
  await carla.hears()
})

scene(
  'what the group says of itself is not unread, and hides no last message',
  async ({ alice, bob, carla }) => {
    const convoId = await group(alice, bob)
    const messageId = await say(alice, convoId, 'hello')
    await alice.addMembers({ convoId, members: [carla.did] })
    await alice.editGroup({ convoId, name: 'Writers' })
    const { convo } = await bob.getConvo({ convoId })
    assert.partialDeepStrictEqual(convo, { unreadCount: 1, lastMessage: { id: messageId } })
    assert.equal((await carla.getConvo({ convoId })).convo.unreadCount, 0)
  },
)

scene(
  'reading goes up to the last message, not to what the group said since',
  async ({ alice, bob, carla }) => {
    const convoId = await group(alice, bob)
    await say(alice, convoId, 'hello')
    await alice.addMembers({ convoId, members: [carla.did] })
    await bob.skips()
    await bob.updateRead({ convoId })
    await bob.hears('logReadMessage alice: hello', 'logReadConvo alice: hello')
  },
)

scene('a later member sees nothing of what was before', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob)
  const messageId = await say(alice, convoId, 'a secret')
  await alice.addMembers({ convoId, members: [carla.did] })
  await carla.sees(convoId, 'AddMember member: carla, role: standard, addedBy: alice')
  assert.doesNotMatch(JSON.stringify(await carla.getConvo({ convoId })), /a secret/)
  assert.doesNotMatch(JSON.stringify(await carla.listConvoRequests()), /a secret/)
  await refused(carla.addReaction({ convoId, messageId, value: '👍' }), 'InvalidRequest')
  await refused(carla.deleteMessageForSelf({ convoId, messageId }), 'InvalidRequest')
  await refused(carla.updateRead({ convoId, messageId }), 'InvalidRequest')
})

scene('nor hears of reactions to it', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob)
  const messageId = await say(alice, convoId, 'a secret')
  await alice.addMembers({ convoId, members: [carla.did] })
  await carla.skips()
  await bob.addReaction({ convoId, messageId, value: '👍' })
  await carla.hears()
  assert.equal((await carla.getConvo({ convoId })).convo.lastReaction, undefined)
})

scene('a reply to it shows a later member only that it was before', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob)
  const messageId = await say(alice, convoId, 'a secret')
  await alice.addMembers({ convoId, members: [carla.did] })
  await carla.skips()
  await bob.sendMessage({ convoId, message: { text: 'indeed', replyTo: { messageId } } })
  const added = 'AddMember member: carla, role: standard, addedBy: alice'
  const reply = 'bob: indeed (to (messageBeforeUserJoinedGroupView))'
  await carla.hears(`logCreateMessage ${reply}`)
  await carla.sees(convoId, added, reply)
  await alice.sees(convoId, 'alice: a secret', added, 'bob: indeed (to alice: a secret)')
})

scene('a later member cannot reply to it', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob)
  const messageId = await say(alice, convoId, 'a secret')
  await alice.addMembers({ convoId, members: [carla.did] })
  const message = { text: 'what?', replyTo: { messageId } }
  await refused(carla.sendMessage({ convoId, message }), 'ReplyTargetNotFound')
})

scene('deleting for oneself leaves it to all others', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob, carla)
  const messageId = await say(alice, convoId, 'hello')
  for (const actor of [alice, bob, carla]) await actor.skips()
  await bob.deleteMessageForSelf({ convoId, messageId })
  await bob.hears('logDeleteMessage alice: (deletedMessageView)')
  await alice.hears()
  await carla.hears()
  await bob.sees(convoId)
  await carla.sees(convoId, 'alice: hello')
})

scene('what the group says of itself cannot be deleted, reacted to or answered', async ({ alice, bob }) => {
  const convoId = await group(alice, bob)
  await alice.editGroup({ convoId, name: 'Writers' })
  const { messages } = await bob.getMessages({ convoId })
  const { id: messageId } = messages[0] as { id: string }
  await refused(bob.deleteMessageForSelf({ convoId, messageId }), 'MessageDeleteNotAllowed')
  await refused(bob.addReaction({ convoId, messageId, value: '👍' }), 'ReactionNotAllowed')
  const message = { text: 'why?', replyTo: { messageId } }
  await refused(bob.sendMessage({ convoId, message }), 'ReplyTargetNotFound')
})

scene('a block among members stops nothing', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob, carla)
  await bob.block(carla)
  await say(carla, convoId, 'hello')
  await bob.hears('logCreateMessage carla: hello')
  await bob.sees(convoId, 'carla: hello')
  assert.partialDeepStrictEqual(await bob.getUnreadCounts(), { unreadAcceptedConvos: 1 })
})

scene('groups can be left out of the counts', async ({ alice, bob }) => {
  const convoId = await group(alice, bob)
  await say(alice, convoId, 'hello')
  assert.partialDeepStrictEqual(await bob.getUnreadCounts(), { unreadAcceptedConvos: 1 })
  assert.partialDeepStrictEqual(await bob.getUnreadCounts({ includeGroupChats: false }), {
    unreadAcceptedConvos: 0,
  })
})

scene('muted, it is not counted as unread', async ({ alice, bob }) => {
  const convoId = await group(alice, bob)
  await bob.muteConvo({ convoId })
  await say(alice, convoId, 'hello')
  assert.partialDeepStrictEqual(await bob.getUnreadCounts(), { unreadAcceptedConvos: 0 })
})
