import assert from 'node:assert/strict'
import { refused } from '../refusal.ts'
import { subject } from '../script.ts'
import { group, membersOf, openLink, say } from './setups.ts'

export const joining = subject('joining by a link')
const { scene } = joining

scene('one is in at once, and has accepted', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob)
  const code = await openLink(alice, convoId)
  const joined = await carla.requestJoin({ code })
  assert.equal(joined.status, 'joined')
  assert.partialDeepStrictEqual(joined.convo, {
    id: convoId,
    status: 'accepted',
    kind: { memberCount: 3 },
  })
  assert.deepEqual(await membersOf(bob, convoId), [alice.did, bob.did, carla.did])
})

scene('everybody hears who joined, and the one who did that it began', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob)
  const code = await openLink(alice, convoId)
  await alice.skips()
  await bob.skips()
  await carla.requestJoin({ code })
  const event = 'logMemberJoin member: carla, role: standard'
  await alice.hears(event)
  await bob.hears(event)
  await carla.hears('logBeginConvo', event)
})

scene('it stands in the history, where the one who joined begins', async ({ alice, bob }) => {
  const convoId = await group(alice)
  await say(alice, convoId, 'before')
  const code = await openLink(alice, convoId)
  await bob.requestJoin({ code })
  await say(alice, convoId, 'welcome')
  const joined = 'MemberJoin member: bob, role: standard'
  await bob.sees(convoId, joined, 'alice: welcome')
  await alice.sees(convoId, 'alice: before', 'CreateJoinLink', joined, 'alice: welcome')
})

scene('nobody added them', async ({ alice, bob }) => {
  const convoId = await group(alice)
  await bob.requestJoin({ code: await openLink(alice, convoId) })
  const { members } = await alice.getConvoMembers({ convoId })
  const kind = members.find(({ did }) => did === bob.did)?.kind
  assert.partialDeepStrictEqual(kind, { role: 'standard' })
  assert.equal('addedBy' in kind!, false)
})

scene('a member joins again without anybody hearing', async ({ alice, bob }) => {
  const convoId = await group(alice, bob)
  const code = await openLink(alice, convoId)
  await alice.skips()
  await bob.skips()
  for (const actor of [alice, bob]) {
    const answer = await actor.requestJoin({ code })
    assert.deepEqual([answer.status, answer.convo?.id], ['joined', convoId])
  }
  await alice.hears()
  await bob.hears()
})

scene('one who was added may say so by the link', async ({ alice, bob }) => {
  const { convo } = await alice.createGroup({ name: 'Readers', members: [bob.did] })
  const code = await openLink(alice, convo.id)
  assert.equal((await bob.requestJoin({ code })).status, 'joined')
})

scene('where the rule says so, only those whom the owner follows', async ({ alice, bob }) => {
  const convoId = await group(alice)
  const { joinLink } = await alice.createJoinLink({ convoId, joinRule: 'followedByOwner' })
  const { code } = joinLink
  await bob.follow(alice)
  await refused(bob.requestJoin({ code }), 'FollowRequired')
  await alice.follow(bob)
  assert.equal((await bob.requestJoin({ code })).status, 'joined')
})

scene('nobody by a code that there is not', async ({ alice }) => {
  await refused(alice.requestJoin({ code: 'nowhere' }), 'InvalidCode')
  await refused(alice.requestJoin({ code: '' }), 'InvalidCode')
})

scene('nobody who was removed, until they are added again', async ({ alice, bob }) => {
  const convoId = await group(alice, bob)
  const code = await openLink(alice, convoId)
  await alice.removeMembers({ convoId, members: [bob.did] })
  await refused(bob.requestJoin({ code }), 'UserKicked')
  await alice.addMembers({ convoId, members: [bob.did] })
  await bob.leaveConvo({ convoId })
  assert.equal((await bob.requestJoin({ code })).status, 'joined')
})

scene('nobody whom the owner blocks', async ({ alice, bob }) => {
  const convoId = await group(alice)
  const code = await openLink(alice, convoId)
  await alice.block(bob)
  await refused(bob.requestJoin({ code }), 'UserKicked')
})

scene('nobody who blocks the owner', async ({ alice, bob }) => {
  const convoId = await group(alice)
  const code = await openLink(alice, convoId)
  await bob.block(alice)
  const text = 'block between recipient and sender'
  await refused(bob.requestJoin({ code }), 'InvalidRequest', text)
})

scene('a declaration is not asked: who joins wants to', async ({ alice, bob }) => {
  const convoId = await group(alice)
  const code = await openLink(alice, convoId)
  await bob.declare({ allowIncoming: 'none', allowGroupInvites: 'none' })
  assert.equal((await bob.requestJoin({ code })).status, 'joined')
})
