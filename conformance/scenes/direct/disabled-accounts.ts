import assert from 'node:assert/strict'
import { refused } from '../refusal.ts'
import { subject } from '../script.ts'
import { talk } from '../setups.ts'

export const disabledAccounts = subject('disabled accounts')
const { scene } = disabledAccounts

// Official clients compare this text letter by letter.
const disabled = 'Account is disabled'

scene('one reads, but neither sends nor reacts', async ({ alice, bob, moderator }) => {
  const convoId = await talk(alice, bob)
  const { id: messageId } = await alice.sendMessage({ convoId, message: { text: 'news' } })
  await moderator.updateActorAccess({ actor: bob.did, allowAccess: false })
  await bob.sees(convoId, 'alice: hello', 'bob: hi', 'alice: news')
  await refused(bob.sendMessage({ convoId, message: { text: 'x' } }), 'InvalidRequest', disabled)
  await refused(bob.addReaction({ convoId, messageId, value: '👍' }), 'InvalidRequest', disabled)
  await moderator.updateActorAccess({ actor: bob.did, allowAccess: true })
  await bob.sendMessage({ convoId, message: { text: 'back' } })
})

scene('nothing begins with it, from either side', async ({ alice, bob, moderator }) => {
  await moderator.updateActorAccess({ actor: bob.did, allowAccess: false })
  await refused(bob.getConvoForMembers({ members: [alice.did] }), 'AccountSuspended', disabled)
  await refused(alice.getConvoForMembers({ members: [bob.did] }), 'AccountSuspended', disabled)
  assert.deepEqual(await alice.getConvoAvailability({ members: [bob.did] }), { canChat: false })
})

scene('it is told so, and others see it', async ({ alice, bob, moderator }) => {
  const convoId = await talk(alice, bob)
  await moderator.updateActorAccess({ actor: bob.did, allowAccess: false })
  assert.equal((await bob.getStatus()).chatDisabled, true)
  const { members } = await alice.getConvoMembers({ convoId })
  assert.equal(members.find(({ did }) => did === bob.did)?.chatDisabled, true)
  assert.equal((await alice.getStatus()).chatDisabled, false)
})
