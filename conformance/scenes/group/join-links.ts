import assert from 'node:assert/strict'
import { refused } from '../refusal.ts'
import { subject } from '../script.ts'
import { group, groupOf, openLink } from './setups.ts'

export const joinLinks = subject('join links')
const { scene } = joinLinks

scene('a link has a code and its rules', async ({ alice }) => {
  const convoId = await group(alice)
  const { joinLink } = await alice.createJoinLink({ convoId, joinRule: 'followedByOwner' })
  assert.match(joinLink.code, /^[A-Za-z0-9]{7}$/)
  assert.partialDeepStrictEqual(joinLink, {
    enabledStatus: 'enabled',
    joinRule: 'followedByOwner',
    requireApproval: false,
  })
})

scene('everybody hears of a link, and of each change', async ({ alice, bob }) => {
  const convoId = await group(alice, bob)
  await alice.createJoinLink({ convoId, joinRule: 'anyone' })
  await alice.editJoinLink({ convoId, requireApproval: true })
  await alice.disableJoinLink({ convoId })
  await alice.enableJoinLink({ convoId })
  for (const actor of [alice, bob]) {
    await actor.hears('logCreateJoinLink', 'logEditJoinLink', 'logDisableJoinLink', 'logEnableJoinLink')
    await actor.sees(convoId, 'CreateJoinLink', 'EditJoinLink', 'DisableJoinLink', 'EnableJoinLink')
  }
})

scene('all members see it while it is enabled, the owner also while it is not', async ({ alice, bob }) => {
  const convoId = await group(alice, bob)
  const code = await openLink(alice, convoId)
  assert.equal((await groupOf(alice, convoId)).joinLink?.code, code)
  assert.equal((await groupOf(bob, convoId)).joinLink?.code, code)
  await alice.disableJoinLink({ convoId })
  const disabled = { code, enabledStatus: 'disabled' }
  assert.partialDeepStrictEqual((await groupOf(alice, convoId)).joinLink, disabled)
  assert.equal((await groupOf(bob, convoId)).joinLink, undefined)
})

scene('editing changes what it names and nothing else', async ({ alice }) => {
  const convoId = await group(alice)
  const code = await openLink(alice, convoId)
  const approved = await alice.editJoinLink({ convoId, requireApproval: true })
  assert.partialDeepStrictEqual(approved.joinLink, { code, joinRule: 'anyone', requireApproval: true })
  const followed = await alice.editJoinLink({ convoId, joinRule: 'followedByOwner' })
  assert.partialDeepStrictEqual(followed.joinLink, {
    code,
    joinRule: 'followedByOwner',
    requireApproval: true,
  })
})

scene('there is one enabled link at a time', async ({ alice, bob }) => {
  const convoId = await group(alice, bob)
  await openLink(alice, convoId)
  await bob.skips()
  const another = alice.createJoinLink({ convoId, joinRule: 'anyone' })
  await refused(another, 'EnabledJoinLinkAlreadyExists')
  await bob.hears()
})

scene(
  'a new one in place of a disabled one has another code, and the old leads nowhere',
  async ({ alice, bob }) => {
    const convoId = await group(alice)
    const old = await openLink(alice, convoId)
    await alice.disableJoinLink({ convoId })
    const code = await openLink(alice, convoId)
    assert.notEqual(code, old)
    await refused(bob.requestJoin({ code: old }), 'InvalidCode')
    await bob.requestJoin({ code })
  },
)

scene('a disabled link lets nobody in until it is enabled again', async ({ alice, bob }) => {
  const convoId = await group(alice)
  const code = await openLink(alice, convoId)
  await alice.disableJoinLink({ convoId })
  await refused(bob.requestJoin({ code }), 'LinkDisabled')
  const { joinLink } = await alice.enableJoinLink({ convoId })
  assert.partialDeepStrictEqual(joinLink, { code, enabledStatus: 'enabled' })
  await bob.requestJoin({ code })
})

scene('disabling twice is fine and heard once, enabling twice is refused', async ({ alice, bob }) => {
  const convoId = await group(alice, bob)
  await openLink(alice, convoId)
  await bob.skips()
  await alice.disableJoinLink({ convoId })
  await alice.disableJoinLink({ convoId })
  await bob.hears('logDisableJoinLink')
  await alice.enableJoinLink({ convoId })
  await refused(alice.enableJoinLink({ convoId }), 'LinkAlreadyEnabled')
  await bob.hears('logEnableJoinLink')
})

scene('where there is none, there is nothing to change', async ({ alice }) => {
  const convoId = await group(alice)
  await refused(alice.editJoinLink({ convoId, requireApproval: true }), 'NoJoinLink')
  await refused(alice.disableJoinLink({ convoId }), 'NoJoinLink')
  await refused(alice.enableJoinLink({ convoId }), 'NoJoinLink')
})

scene('only the owner has a hand in it', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob)
  await refused(bob.createJoinLink({ convoId, joinRule: 'anyone' }), 'InsufficientRole')
  await openLink(alice, convoId)
  await refused(bob.editJoinLink({ convoId, requireApproval: true }), 'InsufficientRole')
  await refused(bob.disableJoinLink({ convoId }), 'InsufficientRole')
  await refused(bob.enableJoinLink({ convoId }), 'InsufficientRole')
  await refused(carla.createJoinLink({ convoId, joinRule: 'anyone' }), 'InvalidConvo', 'Convo not found')
  await refused(carla.disableJoinLink({ convoId }), 'InvalidConvo', 'Convo not found')
})

scene('it moves the convo in nobody’s list', async ({ alice, bob }) => {
  const convoId = await group(alice, bob)
  const { convo: before } = await bob.getConvo({ convoId })
  await openLink(alice, convoId)
  const { convo: after } = await bob.getConvo({ convoId })
  assert.deepEqual([after.rev, after.unreadCount], [before.rev, 0])
})
