import assert from 'node:assert/strict'
import { refused } from '../refusal.ts'
import { type Actor, type Declaration, subject } from '../script.ts'
import { group, groupOf } from './setups.ts'

export const invitations = subject('who may be added to a group')
const { scene } = invitations

async function bothRefused(owner: Actor, convoId: string, invited: Actor, name: string): Promise<void> {
  const members = [invited.did]
  await refused(owner.createGroup({ name: 'Others', members }), name)
  await refused(owner.addMembers({ convoId, members }), name)
}

scene('nobody who forbids it', async ({ alice, bob }) => {
  const convoId = await group(alice)
  const forbidding: Declaration[] = [
    { allowIncoming: 'all', allowGroupInvites: 'none' },
    // What is not declared of groups is as declared of messages.
    { allowIncoming: 'none' },
  ]
  for (const declaration of forbidding) {
    await bob.declare(declaration)
    await bothRefused(alice, convoId, bob, 'UserForbidsGroups')
  }
  await bob.declare({ allowIncoming: 'none', allowGroupInvites: 'all' })
  await alice.addMembers({ convoId, members: [bob.did] })
})

scene('who allows those they follow, by those', async ({ alice, bob }) => {
  const convoId = await group(alice)
  await alice.follow(bob)
  await bob.declare({ allowIncoming: 'all', allowGroupInvites: 'following' })
  await bothRefused(alice, convoId, bob, 'NotFollowedBySender')
  await bob.declare({ allowIncoming: 'following' })
  await bothRefused(alice, convoId, bob, 'NotFollowedBySender')
  await bob.follow(alice)
  await alice.addMembers({ convoId, members: [bob.did] })
})

scene('nobody across a block', async ({ alice, bob, carla }) => {
  const convoId = await group(alice)
  await bob.block(alice)
  await bothRefused(alice, convoId, bob, 'BlockedActor')
  await alice.block(carla)
  await bothRefused(alice, convoId, carla, 'BlockedSubject')
})

scene('nobody whom the network does not know', async ({ alice }) => {
  const convoId = await group(alice)
  const members = ['did:plc:aaaaaaaaaaaaaaaaaaaaaaaa']
  await refused(alice.createGroup({ name: 'Others', members }), 'RecipientNotFound')
  await refused(alice.addMembers({ convoId, members }), 'RecipientNotFound')
})

scene('where one may not, none is', async ({ alice, bob, carla }) => {
  const convoId = await group(alice)
  await carla.declare({ allowIncoming: 'all', allowGroupInvites: 'none' })
  const members = [bob.did, carla.did]
  await refused(alice.createGroup({ name: 'Others', members }), 'UserForbidsGroups')
  await refused(alice.addMembers({ convoId, members }), 'UserForbidsGroups')
  assert.equal((await groupOf(alice, convoId)).memberCount, 1)
  assert.equal((await alice.listConvos()).convos.length, 1)
  await alice.hears()
  await bob.hears()
})

scene('one who is in it is asked no more', async ({ alice, bob }) => {
  const convoId = await group(alice, bob)
  await bob.declare({ allowIncoming: 'none' })
  await alice.sendMessage({ convoId, message: { text: 'hello' } })
  await bob.hears('logCreateMessage alice: hello')
})
