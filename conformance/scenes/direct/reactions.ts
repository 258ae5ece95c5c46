import assert from 'node:assert/strict'
import { refused } from '../refusal.ts'
import { type Actor, subject } from '../script.ts'
import { openConvo } from '../setups.ts'

export const reactions = subject('reactions')
const { scene } = reactions

/** A message from one to the other, heard by both. */
async function message(from: Actor, to: Actor): Promise<{ convoId: string; messageId: string; rev: string }> {
  const convoId = await openConvo(from, to)
  const { id: messageId, rev } = await from.sendMessage({ convoId, message: { text: 'hello' } })
  await from.skips()
  await to.skips()
  return { convoId, messageId, rev }
}

scene('both see it and hear of it', async ({ alice, bob }) => {
  const { convoId, messageId } = await message(alice, bob)
  await bob.addReaction({ convoId, messageId, value: '👍' })
  await alice.hears('logAddReaction bob 👍 to alice: hello')
  await bob.hears('logAddReaction bob 👍 to alice: hello')
  await alice.sees(convoId, 'alice: hello [bob 👍]')
  await bob.sees(convoId, 'alice: hello [bob 👍]')
})

scene('taken back, it is gone for both', async ({ alice, bob }) => {
  const { convoId, messageId } = await message(alice, bob)
  await bob.addReaction({ convoId, messageId, value: '👍' })
  await bob.removeReaction({ convoId, messageId, value: '👍' })
  await alice.hears('logAddReaction bob 👍 to alice: hello', 'logRemoveReaction bob 👍 to alice: hello')
  await bob.hears('logAddReaction bob 👍 to alice: hello', 'logRemoveReaction bob 👍 to alice: hello')
  await alice.sees(convoId, 'alice: hello')
})

scene(
  'it raises the rev of the message, not of the convo, and counts as nothing unread',
  async ({ alice, bob }) => {
    const { convoId, messageId, rev } = await message(alice, bob)
    const { message: reacted } = await bob.addReaction({ convoId, messageId, value: '👍' })
    assert.ok(reacted.rev > rev)
    const { convo } = await alice.getConvo({ convoId })
    assert.partialDeepStrictEqual(convo, { rev, unreadCount: 0 })
  },
)

scene('the convo shows the last one, then the one before it, then none', async ({ alice, bob }) => {
  const { convoId, messageId } = await message(alice, bob)
  await alice.addReaction({ convoId, messageId, value: '👀' })
  await bob.addReaction({ convoId, messageId, value: '👍' })
  const last = async () => (await alice.getConvo({ convoId })).convo.lastReaction
  assert.partialDeepStrictEqual(await last(), {
    $type: 'chat.bsky.convo.defs#messageAndReactionView',
    message: { id: messageId },
    reaction: { value: '👍', sender: { did: bob.did } },
  })
  await bob.removeReaction({ convoId, messageId, value: '👍' })
  assert.partialDeepStrictEqual(await last(), { reaction: { value: '👀', sender: { did: alice.did } } })
  await alice.removeReaction({ convoId, messageId, value: '👀' })
  assert.equal(await last(), undefined)
})

scene('the same one again, and taking back none, change nothing', async ({ alice, bob }) => {
  const { convoId, messageId } = await message(alice, bob)
  const first = await bob.addReaction({ convoId, messageId, value: '👍' })
  const again = await bob.addReaction({ convoId, messageId, value: '👍' })
  assert.equal(again.message.rev, first.message.rev)
  await bob.removeReaction({ convoId, messageId, value: '👀' })
  await alice.hears('logAddReaction bob 👍 to alice: hello')
})

scene('they stand in the order in which they came', async ({ alice, bob }) => {
  const { convoId, messageId } = await message(alice, bob)
  await bob.addReaction({ convoId, messageId, value: '👍' })
  await alice.addReaction({ convoId, messageId, value: '👍' })
  await bob.addReaction({ convoId, messageId, value: '❤️' })
  await alice.sees(convoId, 'alice: hello [bob 👍, alice 👍, bob ❤️]')
})

scene('one member has at most five on one message', async ({ alice, bob }) => {
  const { convoId, messageId } = await message(alice, bob)
  for (const value of ['👍', '👎', '👀', '😆', '😢']) await bob.addReaction({ convoId, messageId, value })
  await refused(bob.addReaction({ convoId, messageId, value: '❤️' }), 'ReactionLimitReached')
  await bob.addReaction({ convoId, messageId, value: '👍' })
  await alice.addReaction({ convoId, messageId, value: '❤️' })
  await alice.sees(convoId, 'alice: hello [bob 👍, bob 👎, bob 👀, bob 😆, bob 😢, alice ❤️]')
})

scene('it is one emoji', async ({ alice, bob }) => {
  const { convoId, messageId } = await message(alice, bob)
  for (const value of ['👍🏽', '🇩🇪', '1️⃣', '👨‍👩‍👧‍👦', '❤️‍🔥'])
    await bob.addReaction({ convoId, messageId, value })
  for (const value of ['x', '1', ' ', '\u200d']) {
    await refused(bob.addReaction({ convoId, messageId, value }), 'ReactionInvalidValue')
  }
  await refused(bob.addReaction({ convoId, messageId, value: '👍👍' }), 'InvalidRequest')
  await refused(bob.addReaction({ convoId, messageId, value: '' }), 'InvalidRequest')
})

scene('there is none to a message that one has deleted, or that does not exist', async ({ alice, bob }) => {
  const { convoId, messageId } = await message(alice, bob)
  await bob.deleteMessageForSelf({ convoId, messageId })
  await refused(bob.addReaction({ convoId, messageId, value: '👍' }), 'ReactionMessageDeleted')
  await refused(bob.addReaction({ convoId, messageId: '3kabcdefghijk', value: '👍' }), 'InvalidRequest')
  await refused(bob.addReaction({ convoId: '3kabcdefghijk', messageId, value: '👍' }), 'InvalidConvo')
})

scene('there is none across a block', async ({ alice, bob }) => {
  const { convoId, messageId } = await message(alice, bob)
  await alice.block(bob)
  const text = 'block between recipient and sender'
  await refused(bob.addReaction({ convoId, messageId, value: '👍' }), 'InvalidRequest', text)
  await refused(alice.addReaction({ convoId, messageId, value: '👍' }), 'InvalidRequest', text)
})

scene('an old event shows the message as it is now', async ({ alice, bob }) => {
  const convoId = await openConvo(alice, bob)
  const { cursor } = await bob.getLog()
  const { id: messageId } = await alice.sendMessage({ convoId, message: { text: 'hello' } })
  const { message: reacted } = await bob.addReaction({ convoId, messageId, value: '👍' })
  const { logs } = await bob.getLog({ cursor: cursor! })
  const created = logs.find(({ $type }) => $type === 'chat.bsky.convo.defs#logCreateMessage')
  assert.partialDeepStrictEqual(created, { message: reacted })
})
