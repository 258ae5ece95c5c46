import assert from 'node:assert/strict'
import { refused } from '../refusal.ts'
import { subject } from '../script.ts'
import { knock, openConvo, talk } from '../setups.ts'

export const opening = subject('opening a direct convo')
const { scene } = opening

scene('two accounts always get the same convo, whoever asks and however', async ({ alice, bob }) => {
  const { convo } = await alice.getConvoForMembers({ members: [bob.did] })
  const fromBob = await bob.getConvoForMembers({ members: [alice.did] })
  const withBoth = await alice.getConvoForMembers({ members: [bob.did, alice.did, bob.did] })
  assert.equal(fromBob.convo.id, convo.id)
  assert.equal(withBoth.convo.id, convo.id)
})

scene('both are its members, the viewer too', async ({ alice, bob }) => {
  const { convo } = await alice.getConvoForMembers({ members: [bob.did] })
  assert.partialDeepStrictEqual(convo, { kind: { $type: 'chat.bsky.convo.defs#directConvo' } })
  assert.deepEqual(convo.members.map(({ did }) => did).sort(), [alice.did, bob.did].sort())
  const { members } = await alice.getConvoMembers({ convoId: convo.id })
  assert.deepEqual(members.map(({ did }) => did).sort(), [alice.did, bob.did].sort())
  for (const { kind } of members) assert.equal(kind?.$type, 'chat.bsky.actor.defs#directConvoMember')
})

scene('openings that race make one convo', async ({ alice, bob }) => {
  const convos = await Promise.all([
    openConvo(alice, bob),
    openConvo(bob, alice),
    openConvo(alice, bob),
    openConvo(bob, alice),
  ])
  assert.equal(new Set(convos).size, 1)
})

scene('until its first message it is in nobody’s list', async ({ alice, bob }) => {
  const { convo } = await alice.getConvoForMembers({ members: [bob.did] })
  assert.partialDeepStrictEqual(convo, { status: 'accepted', unreadCount: 0, muted: false })
  assert.equal(convo.lastMessage, undefined)
  assert.deepEqual((await alice.listConvos()).convos, [])
  assert.deepEqual((await bob.listConvos()).convos, [])
})

scene('until its first message the other knows nothing of it', async ({ alice, bob }) => {
  const convoId = await openConvo(alice, bob)
  await bob.hears()
  await refused(bob.getConvo({ convoId }), 'InvalidConvo', 'Convo not found')
  assert.deepEqual(await bob.getConvoAvailability({ members: [alice.did] }), { canChat: true })
})

scene('opening is logged for the opener, once', async ({ alice, bob }) => {
  await openConvo(alice, bob)
  await openConvo(alice, bob)
  await alice.hears('logBeginConvo')
})

scene('the first message begins it for the other', async ({ alice, bob }) => {
  await knock(alice, bob, 'hello')
  await bob.hears('logBeginConvo', 'logCreateMessage alice: hello')
})

scene('there is none with oneself, with two others or with nobody', async ({ alice, bob, carla }) => {
  await refused(alice.getConvoForMembers({ members: [alice.did] }), 'InvalidRequest')
  await refused(alice.getConvoForMembers({ members: [bob.did, carla.did] }), 'InvalidRequest')
  await refused(alice.getConvoForMembers({ members: [] }), 'InvalidRequest')
  await alice.hears()
})

scene('a convo with messages opens whatever has changed since', async ({ alice, bob }) => {
  const convoId = await knock(alice, bob)
  await bob.declare({ allowIncoming: 'none' })
  assert.equal(await openConvo(alice, bob), convoId)
  await bob.block(alice)
  assert.equal(await openConvo(alice, bob), convoId)
})

scene('nobody else finds it', async ({ alice, bob, carla }) => {
  const convoId = await talk(alice, bob)
  await refused(carla.getConvo({ convoId }), 'InvalidConvo', 'Convo not found')
  await refused(carla.getConvoMembers({ convoId }), 'InvalidConvo', 'Convo not found')
  await refused(carla.getMessages({ convoId }), 'InvalidConvo', 'Convo not found')
  await refused(
    carla.sendMessage({ convoId, message: { text: 'me too' } }),
    'InvalidConvo',
    'Convo not found',
  )
  await refused(carla.acceptConvo({ convoId }), 'InvalidConvo', 'Convo not found')
  await refused(carla.leaveConvo({ convoId }), 'InvalidConvo', 'Convo not found')
  await refused(carla.muteConvo({ convoId }), 'InvalidConvo', 'Convo not found')
  await refused(carla.updateRead({ convoId }), 'InvalidConvo', 'Convo not found')
})

scene('an id that is none and an id of nothing are the same', async ({ alice }) => {
  for (const convoId of ['3kabcdefghijk', '2222222222222', 'nonsense']) {
    await refused(alice.getConvo({ convoId }), 'InvalidConvo', 'Convo not found')
  }
})
