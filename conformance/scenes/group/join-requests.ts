import assert from 'node:assert/strict'
import { refused } from '../refusal.ts'
import { type Actor, subject } from '../script.ts'
import { catchUp } from '../setups.ts'
import { approvalLink, group, groupOf, membersOf, say } from './setups.ts'

export const joinRequests = subject('requests to join')
const { scene } = joinRequests

async function requesters(owner: Actor, convoId: string): Promise<string[]> {
  const { requests } = await owner.listJoinRequests({ convoId })
  return requests.map(({ requestedBy }) => requestedBy.did).sort()
}

scene('where the link asks for approval, one waits', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob)
  const code = await approvalLink(alice, convoId)
  await catchUp(alice, bob)
  const { status, convo } = await carla.requestJoin({ code })
  assert.deepEqual([status, convo], ['pending', undefined])
  await alice.hears('logIncomingJoinRequest member: carla')
  await carla.hears('logOutgoingJoinRequest')
  await bob.hears()
  await refused(carla.getConvo({ convoId }), 'InvalidConvo', 'Convo not found')
  assert.deepEqual(await membersOf(alice, convoId), [alice.did, bob.did])
})

scene('asking again changes nothing', async ({ alice, bob }) => {
  const convoId = await group(alice)
  const code = await approvalLink(alice, convoId)
  await bob.requestJoin({ code })
  await catchUp(alice, bob)
  assert.equal((await bob.requestJoin({ code })).status, 'pending')
  await alice.hears()
  await bob.hears()
  assert.deepEqual(await requesters(alice, convoId), [bob.did])
})

scene('it stands among one’s own requests', async ({ alice, bob }) => {
  const convoId = await group(alice)
  await bob.requestJoin({ code: await approvalLink(alice, convoId) })
  const { requests } = await bob.listConvoRequests()
  assert.equal(requests.length, 1)
  assert.partialDeepStrictEqual(requests[0], {
    $type: 'chat.bsky.group.defs#joinRequestConvoView',
    convoId,
    name: 'Readers',
    owner: { did: alice.did },
    memberCount: 1,
    memberLimit: 100,
  })
  const { viewer } = requests[0] as { viewer: { requestedAt?: string } }
  assert.match(viewer.requestedAt ?? '', /^\d{4}-\d\d-\d\dT/)
  assert.deepEqual((await bob.listConvos()).convos, [])
})

scene('the owner lists and counts them, members do not', async ({ alice, bob, carla, dave }) => {
  const convoId = await group(alice, bob)
  const code = await approvalLink(alice, convoId)
  await carla.requestJoin({ code })
  await dave.requestJoin({ code })
  assert.deepEqual(await requesters(alice, convoId), [carla.did, dave.did].sort())
  const counts = { joinRequestCount: 2, unreadJoinRequestCount: 2 }
  assert.partialDeepStrictEqual(await groupOf(alice, convoId), counts)
  const asBobSees = await groupOf(bob, convoId)
  assert.equal(asBobSees.joinRequestCount, undefined)
  assert.equal(asBobSees.unreadJoinRequestCount, undefined)
  await refused(bob.listJoinRequests({ convoId }), 'InsufficientRole')
  await refused(carla.listJoinRequests({ convoId }), 'InvalidConvo', 'Convo not found')
})

scene('they come in pages', async ({ alice, bob, carla, dave }) => {
  const convoId = await group(alice)
  const code = await approvalLink(alice, convoId)
  for (const actor of [bob, carla, dave]) await actor.requestJoin({ code })
  const dids: string[] = []
  let cursor: string | undefined
  do {
    const page = await alice.listJoinRequests({ convoId, limit: 2, ...(cursor && { cursor }) })
    dids.push(...page.requests.map(({ requestedBy }) => requestedBy.did))
    cursor = page.requests.length > 0 ? page.cursor : undefined
  } while (cursor)
  assert.deepEqual(dids.sort(), [bob.did, carla.did, dave.did].sort())
})

scene('unread ones make the group unread for its owner, until they are read', async ({ alice, bob }) => {
  const convoId = await group(alice)
  await bob.requestJoin({ code: await approvalLink(alice, convoId) })
  await catchUp(alice)
  assert.partialDeepStrictEqual(await alice.getUnreadCounts(), { unreadAcceptedConvos: 1 })
  await alice.updateJoinRequestsRead({ convoId })
  await alice.hears('logReadJoinRequests')
  const { joinRequestCount, unreadJoinRequestCount } = await groupOf(alice, convoId)
  assert.deepEqual([joinRequestCount, unreadJoinRequestCount ?? 0], [1, 0])
  assert.partialDeepStrictEqual(await alice.getUnreadCounts(), { unreadAcceptedConvos: 0 })
})

scene('reading messages does not read them', async ({ alice, bob }) => {
  const convoId = await group(alice)
  await bob.requestJoin({ code: await approvalLink(alice, convoId) })
  await say(alice, convoId, 'hello')
  await alice.updateRead({ convoId })
  assert.equal((await groupOf(alice, convoId)).unreadJoinRequestCount, 1)
})

scene('approved, one is in, and everybody hears by whom', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob)
  await carla.requestJoin({ code: await approvalLink(alice, convoId) })
  await catchUp(alice, bob, carla)
  const { convo } = await alice.approveJoinRequest({ convoId, member: carla.did })
  assert.partialDeepStrictEqual(convo.kind, { memberCount: 3 })
  const event = 'logMemberJoin member: carla, role: standard, approvedBy: alice'
  await alice.hears('logApproveJoinRequest member: carla', event)
  await carla.hears('logBeginConvo', event)
  await bob.hears(event)
  assert.equal((await carla.getConvo({ convoId })).convo.status, 'accepted')
  await carla.sees(convoId, 'MemberJoin member: carla, role: standard, approvedBy: alice')
})

scene('an approved request is one no more', async ({ alice, bob }) => {
  const convoId = await group(alice)
  await bob.requestJoin({ code: await approvalLink(alice, convoId) })
  await alice.approveJoinRequest({ convoId, member: bob.did })
  assert.deepEqual(await requesters(alice, convoId), [])
  const { joinRequestCount, unreadJoinRequestCount } = await groupOf(alice, convoId)
  assert.deepEqual([joinRequestCount, unreadJoinRequestCount], [undefined, undefined])
  assert.deepEqual((await bob.listConvoRequests()).requests, [])
  await refused(bob.withdrawJoinRequest({ convoId }), 'InvalidJoinRequest')
})

scene('rejected, one is not told', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob)
  await carla.requestJoin({ code: await approvalLink(alice, convoId) })
  await catchUp(alice, bob, carla)
  assert.deepEqual(await alice.rejectJoinRequest({ convoId, member: carla.did }), {})
  await alice.hears('logRejectJoinRequest member: carla')
  await bob.hears()
  await carla.hears()
  assert.deepEqual(await requesters(alice, convoId), [])
  assert.equal((await groupOf(alice, convoId)).joinRequestCount, undefined)
})

scene('who was rejected may ask again', async ({ alice, bob }) => {
  const convoId = await group(alice)
  const code = await approvalLink(alice, convoId)
  await bob.requestJoin({ code })
  await alice.rejectJoinRequest({ convoId, member: bob.did })
  await alice.skips()
  assert.equal((await bob.requestJoin({ code })).status, 'pending')
  await alice.hears('logIncomingJoinRequest member: bob')
})

scene('withdrawn, it is gone for both', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob)
  await carla.requestJoin({ code: await approvalLink(alice, convoId) })
  await catchUp(alice, bob, carla)
  assert.deepEqual(await carla.withdrawJoinRequest({ convoId }), {})
  await carla.hears('logWithdrawOutgoingJoinRequest')
  await alice.hears('logWithdrawIncomingJoinRequest member: carla')
  await bob.hears()
  assert.deepEqual(await requesters(alice, convoId), [])
  assert.deepEqual((await carla.listConvoRequests()).requests, [])
  await refused(carla.withdrawJoinRequest({ convoId }), 'InvalidJoinRequest')
})

scene('there is none to withdraw where there was none', async ({ alice, bob }) => {
  const convoId = await group(alice)
  await refused(bob.withdrawJoinRequest({ convoId }), 'InvalidJoinRequest')
  await refused(bob.withdrawJoinRequest({ convoId: '3kabcdefghijk' }), 'InvalidJoinRequest')
})

scene('there is none to approve where there was none', async ({ alice, bob }) => {
  const convoId = await group(alice)
  await refused(alice.approveJoinRequest({ convoId, member: bob.did }), 'InvalidRequest')
  assert.deepEqual(await membersOf(alice, convoId), [alice.did])
})

scene('adding one who asked approves', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob)
  await carla.requestJoin({ code: await approvalLink(alice, convoId) })
  await catchUp(alice, bob, carla)
  await alice.addMembers({ convoId, members: [carla.did] })
  const event = 'logAddMember member: carla, role: standard, addedBy: alice'
  await alice.hears('logApproveJoinRequest member: carla', event)
  await bob.hears(event)
  await carla.hears('logBeginConvo', event)
  assert.deepEqual(await requesters(alice, convoId), [])
})

scene('only the owner decides', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob)
  await carla.requestJoin({ code: await approvalLink(alice, convoId) })
  const request = { convoId, member: carla.did }
  await refused(bob.approveJoinRequest(request), 'InsufficientRole')
  await refused(bob.rejectJoinRequest(request), 'InsufficientRole')
  await refused(bob.updateJoinRequestsRead({ convoId }), 'InsufficientRole')
  await refused(carla.approveJoinRequest(request), 'InvalidConvo', 'Convo not found')
  await refused(carla.rejectJoinRequest(request), 'InvalidConvo', 'Convo not found')
  await refused(carla.updateJoinRequestsRead({ convoId }), 'InvalidConvo', 'Convo not found')
  assert.deepEqual(await requesters(alice, convoId), [carla.did])
})

scene('a request stays when the link no longer asks for approval', async ({ alice, bob }) => {
  const convoId = await group(alice)
  await bob.requestJoin({ code: await approvalLink(alice, convoId) })
  await alice.editJoinLink({ convoId, requireApproval: false })
  assert.deepEqual(await requesters(alice, convoId), [bob.did])
  await alice.approveJoinRequest({ convoId, member: bob.did })
  assert.deepEqual(await membersOf(alice, convoId), [alice.did, bob.did])
})
