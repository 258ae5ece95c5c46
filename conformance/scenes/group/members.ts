import assert from 'node:assert/strict'
import { refused } from '../refusal.ts'
import { subject } from '../script.ts'
import { talk } from '../setups.ts'
import { group, groupOf, membersOf, say } from './setups.ts'

export const members = subject('adding and removing members')
const { scene } = members

scene('everybody hears who was added, and the added one that it began', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob)
  const added = await alice.addMembers({ convoId, members: [carla.did] })
  assert.deepEqual(
    added.addedMembers?.map(({ did }) => did),
    [carla.did],
  )
  assert.partialDeepStrictEqual(added.convo.kind, { memberCount: 3 })
  const event = 'logAddMember member: carla, role: standard, addedBy: alice'
  await alice.hears(event)
  await bob.hears(event)
  await carla.hears('logBeginConvo', event)
})

scene('it stands in the history, where the one who was added begins', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob)
  await say(alice, convoId, 'before')
  await alice.addMembers({ convoId, members: [carla.did] })
  await say(bob, convoId, 'after')
  const added = 'AddMember member: carla, role: standard, addedBy: alice'
  await bob.sees(convoId, 'alice: before', added, 'bob: after')
  await carla.sees(convoId, added, 'bob: after')
})

scene('the one who was added has a request', async ({ alice, bob }) => {
  const convoId = await group(alice)
  await alice.addMembers({ convoId, members: [bob.did] })
  assert.equal((await bob.getConvo({ convoId })).convo.status, 'request')
  assert.partialDeepStrictEqual((await bob.listConvoRequests()).requests, [{ id: convoId }])
})

scene('each one who is added is told of by itself', async ({ alice, bob, carla, dave }) => {
  const convoId = await group(alice, bob)
  await alice.addMembers({ convoId, members: [carla.did, dave.did] })
  const events = [
    'logAddMember member: carla, role: standard, addedBy: alice',
    'logAddMember member: dave, role: standard, addedBy: alice',
  ]
  await alice.hears(...events)
  await bob.hears(...events)
  assert.deepEqual(await membersOf(bob, convoId), [alice.did, bob.did, carla.did, dave.did])
})

scene('those who are members are passed over', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob)
  const { addedMembers } = await alice.addMembers({ convoId, members: [alice.did, bob.did, carla.did] })
  assert.deepEqual(
    addedMembers?.map(({ did }) => did),
    [carla.did],
  )
  await bob.hears('logAddMember member: carla, role: standard, addedBy: alice')
})

scene('everybody hears who was removed, and that one leaves', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob, carla)
  const { convo } = await alice.removeMembers({ convoId, members: [carla.did] })
  assert.partialDeepStrictEqual(convo.kind, { memberCount: 2 })
  const event = 'logRemoveMember member: carla, removedBy: alice'
  await alice.hears(event)
  await bob.hears(event)
  await carla.hears('logLeaveConvo')
  await bob.sees(convoId, 'RemoveMember member: carla, removedBy: alice')
  assert.deepEqual(await membersOf(bob, convoId), [alice.did, bob.did])
})

scene('the one who was removed finds it no more and hears no more of it', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob, carla)
  const messageId = await say(alice, convoId, 'hello')
  await alice.removeMembers({ convoId, members: [carla.did] })
  await carla.skips()
  await say(alice, convoId, 'among us')
  await carla.hears()
  assert.deepEqual((await carla.listConvos()).convos, [])
  await refused(carla.getConvo({ convoId }), 'InvalidConvo', 'Convo not found')
  await refused(carla.getMessages({ convoId }), 'InvalidConvo', 'Convo not found')
  await refused(carla.getConvoMembers({ convoId }), 'InvalidConvo', 'Convo not found')
  await refused(carla.sendMessage({ convoId, message: { text: 'x' } }), 'InvalidConvo', 'Convo not found')
  await refused(carla.addReaction({ convoId, messageId, value: '👍' }), 'InvalidConvo', 'Convo not found')
  await refused(carla.leaveConvo({ convoId }), 'InvalidConvo', 'Convo not found')
})

scene('what they wrote stays, with their profile as of one who was here', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob, carla)
  await say(carla, convoId, 'my two cents')
  await alice.removeMembers({ convoId, members: [carla.did] })
  await bob.sees(convoId, 'carla: my two cents', 'RemoveMember member: carla, removedBy: alice')
  const { relatedProfiles } = await bob.getMessages({ convoId })
  assert.equal(
    relatedProfiles?.find(({ did }) => did === carla.did)?.kind?.$type,
    'chat.bsky.actor.defs#pastGroupConvoMember',
  )
})

scene('those who are not in it are passed over', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob)
  const { convo } = await alice.removeMembers({ convoId, members: [carla.did] })
  assert.partialDeepStrictEqual(convo.kind, { memberCount: 2 })
  await alice.hears()
  await bob.hears()
})

scene('the owner cannot be removed', async ({ alice, bob }) => {
  const convoId = await group(alice, bob)
  await refused(alice.removeMembers({ convoId, members: [alice.did] }), 'InvalidRequest')
  await refused(alice.removeMembers({ convoId, members: [bob.did, alice.did] }), 'InvalidRequest')
  assert.equal((await groupOf(alice, convoId)).memberCount, 2)
})

scene(
  'who was removed can be added again, and sees what comes from then on',
  async ({ alice, bob, carla }) => {
    const convoId = await group(alice, bob, carla)
    await say(alice, convoId, 'once')
    await alice.removeMembers({ convoId, members: [carla.did] })
    await say(alice, convoId, 'in between')
    await carla.skips()
    await alice.addMembers({ convoId, members: [carla.did] })
    await say(bob, convoId, 'again')
    const added = 'AddMember member: carla, role: standard, addedBy: alice'
    await carla.hears('logBeginConvo', `log${added}`, 'logCreateMessage bob: again')
    await carla.sees(convoId, added, 'bob: again')
    assert.equal((await carla.getConvo({ convoId })).convo.status, 'request')
  },
)

scene('only the owner adds and removes', async ({ alice, bob, carla, dave }) => {
  const convoId = await group(alice, bob, carla)
  await refused(bob.addMembers({ convoId, members: [dave.did] }), 'InsufficientRole')
  await refused(bob.removeMembers({ convoId, members: [carla.did] }), 'InsufficientRole')
  await refused(dave.addMembers({ convoId, members: [dave.did] }), 'InvalidConvo', 'Convo not found')
  await refused(dave.removeMembers({ convoId, members: [bob.did] }), 'InvalidConvo', 'Convo not found')
})

scene('a direct convo has no members to add', async ({ alice, bob, carla }) => {
  const convoId = await talk(alice, bob)
  await refused(alice.addMembers({ convoId, members: [carla.did] }), 'InvalidConvo')
  await refused(alice.removeMembers({ convoId, members: [bob.did] }), 'InvalidConvo')
})

scene('members come in pages, in the order in which they came', async ({ alice, bob, carla, dave, erin }) => {
  const convoId = await group(alice, bob)
  await alice.addMembers({ convoId, members: [carla.did] })
  await alice.addMembers({ convoId, members: [dave.did] })
  await alice.addMembers({ convoId, members: [erin.did] })
  const all = [alice.did, bob.did, carla.did, dave.did, erin.did]
  assert.deepEqual(await membersOf(bob, convoId, 2), all)
  assert.deepEqual(await membersOf(bob, convoId), all)
})

scene('a convo shows its viewer among its members', async ({ alice, bob }) => {
  const convoId = await group(alice, bob)
  for (const actor of [alice, bob]) {
    const { convo } = await actor.getConvo({ convoId })
    assert.ok(convo.members.some(({ did }) => did === actor.did))
  }
})
