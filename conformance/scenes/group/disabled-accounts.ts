import { refused } from '../refusal.ts'
import { subject } from '../script.ts'
import { group, say } from './setups.ts'

export const disabledInGroups = subject('disabled accounts and groups')
const { scene } = disabledInGroups

scene('one makes no group, and is added to none', async ({ alice, bob, moderator }) => {
  const convoId = await group(alice)
  await moderator.updateActorAccess({ actor: bob.did, allowAccess: false })
  await refused(bob.createGroup({ name: 'Mine', members: [alice.did] }), 'AccountSuspended')
  await refused(alice.createGroup({ name: 'Ours', members: [bob.did] }), 'AccountSuspended')
  await refused(alice.addMembers({ convoId, members: [bob.did] }), 'AccountSuspended')
})

scene('one who is in it reads, and leaves, but does not write', async ({ alice, bob, moderator }) => {
  const convoId = await group(alice, bob)
  await moderator.updateActorAccess({ actor: bob.did, allowAccess: false })
  await say(alice, convoId, 'hello')
  await bob.sees(convoId, 'alice: hello')
  const message = { text: 'x' }
  await refused(bob.sendMessage({ convoId, message }), 'InvalidRequest', 'Account is disabled')
  await bob.leaveConvo({ convoId })
})

scene('one does not stop the others from writing', async ({ alice, bob, carla, moderator }) => {
  const convoId = await group(alice, bob, carla)
  await moderator.updateActorAccess({ actor: bob.did, allowAccess: false })
  await say(alice, convoId, 'hello')
  await carla.hears('logCreateMessage alice: hello')
})
