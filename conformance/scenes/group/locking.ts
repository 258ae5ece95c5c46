import assert from 'node:assert/strict'
import { refused } from '../refusal.ts'
import { subject } from '../script.ts'
import { talk } from '../setups.ts'
import { group, groupOf, openLink, say } from './setups.ts'

export const locking = subject('locking a group')
const { scene } = locking

scene('everybody hears it and sees it', async ({ alice, bob }) => {
  const convoId = await group(alice, bob)
  const { convo } = await alice.lockConvo({ convoId })
  const locked = { lockStatus: 'locked', lockStatusModerationOverride: false }
  assert.partialDeepStrictEqual(convo.kind, locked)
  assert.partialDeepStrictEqual(await groupOf(bob, convoId), locked)
  for (const actor of [alice, bob]) {
    await actor.hears('logLockConvo lockedBy: alice')
    await actor.sees(convoId, 'LockConvo lockedBy: alice')
  }
})

scene('unlocking is heard and seen too', async ({ alice, bob }) => {
  const convoId = await group(alice, bob)
  await alice.lockConvo({ convoId })
  const { convo } = await alice.unlockConvo({ convoId })
  assert.partialDeepStrictEqual(convo.kind, { lockStatus: 'unlocked' })
  for (const actor of [alice, bob]) {
    await actor.hears('logLockConvo lockedBy: alice', 'logUnlockConvo unlockedBy: alice')
    await actor.sees(convoId, 'LockConvo lockedBy: alice', 'UnlockConvo unlockedBy: alice')
  }
  await say(bob, convoId, 'back')
})

scene('nobody writes, reacts, adds or edits in a locked one', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob)
  const messageId = await say(bob, convoId, 'hello')
  await alice.lockConvo({ convoId })
  await alice.skips()
  await bob.skips()
  for (const actor of [alice, bob]) {
    await refused(actor.sendMessage({ convoId, message: { text: 'x' } }), 'ConvoLocked')
    const items = [{ convoId, message: { text: 'x' } }]
    await refused(actor.sendMessageBatch({ items }), 'ConvoLocked')
    await refused(actor.addReaction({ convoId, messageId, value: '👍' }), 'ConvoLocked')
  }
  await refused(alice.addMembers({ convoId, members: [carla.did] }), 'ConvoLocked')
  await refused(alice.editGroup({ convoId, name: 'Writers' }), 'ConvoLocked')
  await alice.hears()
  await bob.hears()
})

scene('one reads it, mutes it and leaves it still', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob, carla)
  await say(alice, convoId, 'hello')
  await alice.lockConvo({ convoId })
  await carla.skips()
  await bob.sees(convoId, 'alice: hello', 'LockConvo lockedBy: alice')
  assert.equal((await bob.updateRead({ convoId })).convo.unreadCount, 0)
  assert.equal((await bob.muteConvo({ convoId })).convo.muted, true)
  await bob.leaveConvo({ convoId })
  await carla.hears('logMemberLeave member: bob')
})

scene('members are removed from a locked one still', async ({ alice, bob }) => {
  const convoId = await group(alice, bob)
  await alice.lockConvo({ convoId })
  await bob.skips()
  await alice.removeMembers({ convoId, members: [bob.did] })
  await bob.hears('logLeaveConvo')
})

scene('nobody joins a locked one', async ({ alice, bob }) => {
  const convoId = await group(alice)
  const code = await openLink(alice, convoId)
  await alice.lockConvo({ convoId })
  await refused(bob.requestJoin({ code }), 'ConvoLocked')
  await bob.hears()
})

scene('it does not count as unread', async ({ alice, bob }) => {
  const convoId = await group(alice, bob)
  await say(alice, convoId, 'hello')
  assert.partialDeepStrictEqual(await bob.getUnreadCounts(), { unreadAcceptedConvos: 1 })
  await alice.lockConvo({ convoId })
  assert.partialDeepStrictEqual(await bob.getUnreadCounts(), { unreadAcceptedConvos: 0 })
  await alice.unlockConvo({ convoId })
  assert.partialDeepStrictEqual(await bob.getUnreadCounts(), { unreadAcceptedConvos: 1 })
})

scene('lists tell locked from unlocked', async ({ alice, bob }) => {
  const locked = await group(alice, bob)
  const unlocked = await group(alice, bob)
  await alice.lockConvo({ convoId: locked })
  const ids = async (lockStatus: string) => (await bob.listConvos({ lockStatus })).convos.map(({ id }) => id)
  assert.deepEqual(await ids('locked'), [locked])
  assert.deepEqual(await ids('unlocked'), [unlocked])
  assert.deepEqual(await ids('locked-permanently'), [])
})

scene('locking twice is refused', async ({ alice, bob }) => {
  const convoId = await group(alice, bob)
  await alice.lockConvo({ convoId })
  await bob.skips()
  await refused(alice.lockConvo({ convoId }), 'ConvoLocked')
  await bob.hears()
})

scene('only the owner locks and unlocks', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob)
  await refused(bob.lockConvo({ convoId }), 'InsufficientRole')
  await refused(carla.lockConvo({ convoId }), 'InvalidConvo', 'Convo not found')
  await alice.lockConvo({ convoId })
  await refused(bob.unlockConvo({ convoId }), 'InsufficientRole')
  await refused(carla.unlockConvo({ convoId }), 'InvalidConvo', 'Convo not found')
  assert.equal((await groupOf(bob, convoId)).lockStatus, 'locked')
})

scene('a direct convo has no lock', async ({ alice, bob }) => {
  const convoId = await talk(alice, bob)
  await refused(alice.lockConvo({ convoId }), 'InvalidConvo')
  await refused(alice.unlockConvo({ convoId }), 'InvalidConvo')
})
