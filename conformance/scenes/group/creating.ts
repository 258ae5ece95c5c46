import assert from 'node:assert/strict'
import { refused } from '../refusal.ts'
import { subject } from '../script.ts'
import { membersOf } from './setups.ts'

export const creating = subject('creating a group')
const { scene } = creating

scene('its owner has accepted it, the others have a request', async ({ alice, bob, carla }) => {
  const { convo } = await alice.createGroup({ name: 'Readers', members: [bob.did, carla.did] })
  assert.equal(convo.status, 'accepted')
  assert.equal((await bob.getConvo({ convoId: convo.id })).convo.status, 'request')
  assert.equal((await carla.getConvo({ convoId: convo.id })).convo.status, 'request')
})

scene('it says its name, its lock, and how many are in it and may be', async ({ alice, bob, carla }) => {
  const { convo } = await alice.createGroup({ name: 'Readers', members: [bob.did, carla.did] })
  assert.partialDeepStrictEqual(convo, {
    muted: false,
    unreadCount: 0,
    kind: {
      $type: 'chat.bsky.convo.defs#groupConvo',
      name: 'Readers',
      lockStatus: 'unlocked',
      lockStatusModerationOverride: false,
      memberCount: 3,
      memberLimit: 100,
    },
  })
  const kind = convo.kind as { joinLink?: unknown; joinRequestCount?: unknown }
  assert.equal(kind.joinLink, undefined)
  assert.equal(kind.joinRequestCount, undefined)
})

scene('everybody hears that it began, and nothing else', async ({ alice, bob, carla }) => {
  const { convo } = await alice.createGroup({ name: 'Readers', members: [bob.did, carla.did] })
  await alice.hears('logBeginConvo')
  await bob.hears('logBeginConvo')
  await carla.hears('logBeginConvo')
  await alice.sees(convo.id)
  await bob.sees(convo.id)
})

scene('everybody has it in their lists at once', async ({ alice, bob }) => {
  const { convo } = await alice.createGroup({ name: 'Readers', members: [bob.did] })
  assert.partialDeepStrictEqual((await alice.listConvos({ status: 'accepted' })).convos, [{ id: convo.id }])
  assert.partialDeepStrictEqual((await alice.listConvos({ kind: 'group' })).convos, [{ id: convo.id }])
  assert.deepEqual((await alice.listConvos({ kind: 'direct' })).convos, [])
  const { requests } = await bob.listConvoRequests()
  assert.partialDeepStrictEqual(requests, [{ $type: 'chat.bsky.convo.defs#convoView', id: convo.id }])
})

scene('its members have roles, the owner first; who was added, by whom', async ({ alice, bob, carla }) => {
  const { convo } = await alice.createGroup({ name: 'Readers', members: [bob.did, carla.did] })
  const { members } = await bob.getConvoMembers({ convoId: convo.id })
  assert.deepEqual(
    members.map(({ did }) => did),
    [alice.did, bob.did, carla.did],
  )
  const $type = 'chat.bsky.actor.defs#groupConvoMember'
  assert.partialDeepStrictEqual(members, [
    { kind: { $type, role: 'owner' } },
    { kind: { $type, role: 'standard', addedBy: { did: alice.did } } },
    { kind: { $type, role: 'standard', addedBy: { did: alice.did } } },
  ])
  assert.equal('addedBy' in members[0]!.kind!, false)
})

scene('naming oneself, or somebody twice, makes no difference', async ({ alice, bob }) => {
  const { convo } = await alice.createGroup({ name: 'Readers', members: [alice.did, bob.did, bob.did] })
  assert.deepEqual(await membersOf(alice, convo.id), [alice.did, bob.did])
})

scene('one may begin alone', async ({ alice }) => {
  const { convo } = await alice.createGroup({ name: 'Readers', members: [] })
  assert.partialDeepStrictEqual(convo.kind, { memberCount: 1 })
  assert.deepEqual(await membersOf(alice, convo.id), [alice.did])
})

scene('twice the same makes two', async ({ alice, bob }) => {
  const first = await alice.createGroup({ name: 'Readers', members: [bob.did] })
  const second = await alice.createGroup({ name: 'Readers', members: [bob.did] })
  assert.notEqual(first.convo.id, second.convo.id)
})

scene('it is not the direct convo of the two', async ({ alice, bob }) => {
  const { convo } = await alice.createGroup({ name: 'Readers', members: [bob.did] })
  const direct = await alice.getConvoForMembers({ members: [bob.did] })
  assert.notEqual(direct.convo.id, convo.id)
  assert.equal((await bob.getConvoAvailability({ members: [alice.did] })).convo, undefined)
})

scene('a name has 1 to 50 graphemes', async ({ alice }) => {
  await refused(alice.createGroup({ name: '', members: [] }), 'InvalidRequest')
  await refused(alice.createGroup({ name: 'x'.repeat(51), members: [] }), 'InvalidRequest')
  const { convo } = await alice.createGroup({ name: '📚'.repeat(50), members: [] })
  assert.partialDeepStrictEqual(convo.kind, { name: '📚'.repeat(50) })
})

scene('accepting is logged for the one who accepts', async ({ alice, bob, carla }) => {
  const { convo } = await alice.createGroup({ name: 'Readers', members: [bob.did, carla.did] })
  for (const actor of [alice, bob, carla]) await actor.skips()
  await bob.acceptConvo({ convoId: convo.id })
  await bob.hears('logAcceptConvo')
  await alice.hears()
  await carla.hears()
})

scene('an account may make groups, and is told how large', async ({ alice }) => {
  assert.partialDeepStrictEqual(await alice.getStatus(), { canCreateGroups: true, groupMemberLimit: 100 })
})
