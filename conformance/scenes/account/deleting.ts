import assert from 'node:assert/strict'
import { group, groupOf, membersOf, say } from '../group/setups.ts'
import { refused } from '../refusal.ts'
import { subject } from '../script.ts'
import { catchUp, talk } from '../setups.ts'

export const deletingAccounts = subject('deleting one’s chats')
const { scene } = deletingAccounts

scene('nothing is left for oneself, and of what one said nothing for others', async ({ alice, bob }) => {
  const convoId = await talk(alice, bob)
  await catchUp(alice, bob)
  await alice.deleteAccount()
  assert.deepEqual((await alice.listConvos()).convos, [])
  await bob.sees(convoId, 'bob: hi')
  await alice.hears('logLeaveConvo')
  await bob.hears()
})

scene('groups that one owns end, others one has left', async ({ alice, bob, carla }) => {
  const own = await group(alice, bob)
  const other = await group(bob, alice, carla)
  await say(alice, other, 'a secret')
  await catchUp(bob, carla)
  await alice.deleteAccount()
  assert.equal((await groupOf(bob, own)).lockStatus, 'locked-permanently')
  assert.deepEqual(await membersOf(bob, other), [bob.did, carla.did])
  await carla.hears('logMemberLeave member: alice')
  const { messages } = await carla.getMessages({ convoId: other })
  assert.doesNotMatch(JSON.stringify(messages), /a secret/)
  await refused(alice.getConvo({ convoId: other }), 'InvalidConvo')
})

scene('doing it again is fine, and so is beginning again', async ({ alice, bob }) => {
  const convoId = await talk(alice, bob)
  await alice.deleteAccount()
  await alice.deleteAccount()
  const { convo } = await alice.getConvoForMembers({ members: [bob.did] })
  assert.equal(convo.id, convoId)
  await alice.sendMessage({ convoId, message: { text: 'hello again' } })
  await bob.sees(convoId, 'bob: hi', 'alice: hello again')
  await alice.sees(convoId, 'alice: hello again')
})
