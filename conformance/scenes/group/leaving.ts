import assert from 'node:assert/strict'
import { refused } from '../refusal.ts'
import { subject } from '../script.ts'
import { approvalLink, group, groupOf, membersOf, openLink, say } from './setups.ts'

export const leavingGroups = subject('leaving a group')
const { scene } = leavingGroups

scene('the others hear who left, the leaver that they did', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob, carla)
  assert.equal((await carla.leaveConvo({ convoId })).convoId, convoId)
  await carla.hears('logLeaveConvo')
  await alice.hears('logMemberLeave member: carla')
  await bob.hears('logMemberLeave member: carla')
  await bob.sees(convoId, 'MemberLeave member: carla')
  assert.deepEqual(await membersOf(bob, convoId), [alice.did, bob.did])
  assert.equal((await groupOf(bob, convoId)).memberCount, 2)
})

scene('it is gone for the leaver, who hears no more of it', async ({ alice, bob }) => {
  const convoId = await group(alice, bob)
  await bob.leaveConvo({ convoId })
  await bob.skips()
  await say(alice, convoId, 'alone')
  await bob.hears()
  assert.deepEqual((await bob.listConvos()).convos, [])
  await refused(bob.getConvo({ convoId }), 'InvalidConvo', 'Convo not found')
  await refused(bob.getMessages({ convoId }), 'InvalidConvo', 'Convo not found')
  await refused(bob.leaveConvo({ convoId }), 'InvalidConvo', 'Convo not found')
})

scene('an invitation is turned down by leaving', async ({ alice, bob }) => {
  const { convo } = await alice.createGroup({ name: 'Readers', members: [bob.did] })
  await alice.skips()
  await bob.leaveConvo({ convoId: convo.id })
  await alice.hears('logMemberLeave member: bob')
  assert.deepEqual((await bob.listConvoRequests()).requests, [])
})

scene('who left may come back by a link, and sees what comes from then on', async ({ alice, bob }) => {
  const convoId = await group(alice, bob)
  const code = await openLink(alice, convoId)
  await bob.leaveConvo({ convoId })
  await say(alice, convoId, 'in between')
  await bob.requestJoin({ code })
  await say(alice, convoId, 'welcome back')
  await bob.sees(convoId, 'MemberJoin member: bob, role: standard', 'alice: welcome back')
})

scene('the owner cannot leave while it is open', async ({ alice, bob }) => {
  const convoId = await group(alice, bob)
  await refused(alice.leaveConvo({ convoId }), 'OwnerCannotLeave')
  await alice.hears()
  await bob.hears()
})

scene('when the owner leaves a locked group, it is locked for good', async ({ alice, bob }) => {
  const convoId = await group(alice, bob)
  await say(bob, convoId, 'hello')
  await alice.lockConvo({ convoId })
  await alice.skips()
  await bob.skips()
  await alice.leaveConvo({ convoId })
  await alice.hears('logLeaveConvo')
  await bob.hears('logLockConvoPermanently lockedBy: alice', 'logMemberLeave member: alice')
  assert.equal((await groupOf(bob, convoId)).lockStatus, 'locked-permanently')
  await refused(alice.getConvo({ convoId }), 'InvalidConvo', 'Convo not found')
})

scene('then it is there to be read and left, and for nothing else', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob, carla)
  await say(bob, convoId, 'hello')
  await alice.lockConvo({ convoId })
  await alice.leaveConvo({ convoId })
  await bob.sees(
    convoId,
    'bob: hello',
    'LockConvo lockedBy: alice',
    'LockConvoPermanently lockedBy: alice',
    'MemberLeave member: alice',
  )
  await refused(bob.sendMessage({ convoId, message: { text: 'x' } }), 'ConvoLocked')
  await carla.skips()
  await bob.leaveConvo({ convoId })
  await carla.hears('logMemberLeave member: bob')
  const ended = await carla.listConvos({ lockStatus: 'locked-permanently' })
  assert.partialDeepStrictEqual(ended.convos, [{ id: convoId }])
})

scene('requests to join end with it', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob)
  const code = await approvalLink(alice, convoId)
  await carla.requestJoin({ code })
  await carla.skips()
  await alice.lockConvo({ convoId })
  await carla.hears()
  await alice.leaveConvo({ convoId })
  await carla.hears('logWithdrawOutgoingJoinRequest')
  assert.deepEqual((await carla.listConvoRequests()).requests, [])
})
