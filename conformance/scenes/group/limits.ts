import assert from 'node:assert/strict'
import { refused } from '../refusal.ts'
import { subject } from '../script.ts'
import { approvalLink, groupOf, membersOf } from './setups.ts'

export const limits = subject('the limit of members')
const { scene } = limits

scene('a group has at most 100 members, however they come', async ({ alice, bob, carla, crowd }) => {
  const guests = await crowd(99)
  const members = guests.map(({ did }) => did)
  const tooMany = [...members, bob.did]
  await refused(alice.createGroup({ name: 'Everybody', members: tooMany }), 'InvalidRequest')

  const { convo } = await alice.createGroup({ name: 'Everybody', members: members.slice(1) })
  const convoId = convo.id
  assert.partialDeepStrictEqual(convo.kind, { memberCount: 99, memberLimit: 100 })
  const code = await approvalLink(alice, convoId)
  await bob.requestJoin({ code })
  await refused(alice.addMembers({ convoId, members: [guests[0]!.did, carla.did] }), 'MemberLimitReached')
  await alice.addMembers({ convoId, members: [guests[0]!.did] })

  await refused(alice.addMembers({ convoId, members: [carla.did] }), 'MemberLimitReached')
  await refused(alice.approveJoinRequest({ convoId, member: bob.did }), 'MemberLimitReached')
  await alice.editJoinLink({ convoId, requireApproval: false })
  await refused(carla.requestJoin({ code }), 'MemberLimitReached')
  assert.equal((await groupOf(alice, convoId)).memberCount, 100)
  assert.equal((await membersOf(alice, convoId, 30)).length, 100)

  await guests[5]!.leaveConvo({ convoId })
  await alice.approveJoinRequest({ convoId, member: bob.did })
  assert.equal((await groupOf(bob, convoId)).memberCount, 100)
})
