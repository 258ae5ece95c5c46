import assert from 'node:assert/strict'
import { refused } from '../refusal.ts'
import { type Actor, subject } from '../script.ts'
import { catchUp, knock, openConvo, talk } from '../setups.ts'

export const reading = subject('reading')
const { scene } = reading

async function unreadCount(actor: Actor, convoId: string): Promise<number> {
  return (await actor.getConvo({ convoId })).convo.unreadCount
}

scene('messages of others are unread, one’s own are not', async ({ alice, bob }) => {
  const convoId = await knock(alice, bob)
  await alice.sendMessage({ convoId, message: { text: 'anybody?' } })
  assert.equal(await unreadCount(alice, convoId), 0)
  assert.equal(await unreadCount(bob, convoId), 2)
})

scene(
  'updateRead reads up to the newest message, and is logged twice for the reader',
  async ({ alice, bob }) => {
    const convoId = await knock(alice, bob)
    await alice.sendMessage({ convoId, message: { text: 'anybody?' } })
    await catchUp(alice, bob)
    assert.equal((await bob.updateRead({ convoId })).convo.unreadCount, 0)
    await bob.hears('logReadMessage alice: anybody?', 'logReadConvo alice: anybody?')
    await alice.hears()
  },
)

scene('every call is logged, also where nothing changes', async ({ alice, bob }) => {
  const convoId = await knock(alice, bob)
  await bob.updateRead({ convoId })
  await catchUp(bob)
  await bob.updateRead({ convoId })
  await bob.hears('logReadMessage alice: hello', 'logReadConvo alice: hello')
})

scene('the marker stops at the message it is given, and never goes back', async ({ alice, bob }) => {
  const convoId = await openConvo(alice, bob)
  const one = await alice.sendMessage({ convoId, message: { text: 'one' } })
  const two = await alice.sendMessage({ convoId, message: { text: 'two' } })
  await alice.sendMessage({ convoId, message: { text: 'three' } })
  await catchUp(bob)
  await bob.updateRead({ convoId, messageId: two.id })
  assert.equal(await unreadCount(bob, convoId), 1)
  await bob.updateRead({ convoId, messageId: one.id })
  assert.equal(await unreadCount(bob, convoId), 1)
  await bob.hears(
    'logReadMessage alice: two',
    'logReadConvo alice: two',
    'logReadMessage alice: two',
    'logReadConvo alice: two',
  )
})

scene('reading does not move the convo in lists', async ({ alice, bob }) => {
  const convoId = await knock(alice, bob)
  const { convo: before } = await bob.getConvo({ convoId })
  const { convo: after } = await bob.updateRead({ convoId })
  assert.equal(after.rev, before.rev)
})

scene('writing reads what stands above, and says so', async ({ alice, bob }) => {
  const convoId = await talk(alice, bob)
  await catchUp(alice)
  assert.equal(await unreadCount(alice, convoId), 1)
  await alice.sendMessage({ convoId, message: { text: 'fine' } })
  assert.equal(await unreadCount(alice, convoId), 0)
  await alice.hears('logCreateMessage alice: fine', 'logReadMessage alice: fine', 'logReadConvo alice: fine')
})

scene('a message that does not exist cannot be read', async ({ alice, bob }) => {
  const convoId = await knock(alice, bob)
  await refused(bob.updateRead({ convoId, messageId: '3kabcdefghijk' }), 'InvalidRequest')
  await refused(bob.updateRead({ convoId: '3kabcdefghijk' }), 'InvalidConvo', 'Convo not found')
  assert.equal(await unreadCount(bob, convoId), 1)
})

scene('the counts are of convos, by status', async ({ alice, bob, carla, dave }) => {
  const accepted = await knock(alice, bob)
  await alice.sendMessage({ convoId: accepted, message: { text: 'anybody?' } })
  await knock(carla, bob)
  await knock(dave, bob)
  await bob.acceptConvo({ convoId: accepted })
  assert.deepEqual(await bob.getUnreadCounts(), { unreadAcceptedConvos: 1, unreadRequestConvos: 2 })
})

scene('a block either way takes the convo out of the counts', async ({ alice, bob, carla }) => {
  await knock(alice, bob)
  await knock(carla, bob)
  await bob.block(alice)
  assert.partialDeepStrictEqual(await bob.getUnreadCounts(), { unreadRequestConvos: 1 })
  await carla.block(bob)
  assert.partialDeepStrictEqual(await bob.getUnreadCounts(), { unreadRequestConvos: 0 })
})

scene('so does the deactivation of the other', async ({ alice, bob }) => {
  await knock(alice, bob)
  await alice.deactivate()
  assert.partialDeepStrictEqual(await bob.getUnreadCounts(), { unreadRequestConvos: 0 })
  await alice.activate()
  assert.partialDeepStrictEqual(await bob.getUnreadCounts(), { unreadRequestConvos: 1 })
})

scene('updateAllRead answers how many convos it changed', async ({ alice, bob, carla }) => {
  const accepted = await knock(alice, bob)
  await knock(carla, bob)
  await bob.acceptConvo({ convoId: accepted })
  await catchUp(bob)
  assert.deepEqual(await bob.updateAllRead({ status: 'accepted' }), { updatedCount: 1 })
  await bob.hears('logReadMessage alice: hello', 'logReadConvo alice: hello')
  assert.deepEqual(await bob.updateAllRead({}), { updatedCount: 1 })
  await bob.hears('logReadMessage carla: hello', 'logReadConvo carla: hello')
  assert.deepEqual(await bob.updateAllRead({}), { updatedCount: 0 })
  await bob.hears()
  assert.deepEqual(await bob.getUnreadCounts(), { unreadAcceptedConvos: 0, unreadRequestConvos: 0 })
})
