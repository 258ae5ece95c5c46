import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acceptConvo } from '../src/endpoints/chat/bsky/convo/acceptConvo.ts'
import { getConvo } from '../src/endpoints/chat/bsky/convo/getConvo.ts'
import { getConvoAvailability } from '../src/endpoints/chat/bsky/convo/getConvoAvailability.ts'
import { getConvoForMembers } from '../src/endpoints/chat/bsky/convo/getConvoForMembers.ts'
import { getMessages } from '../src/endpoints/chat/bsky/convo/getMessages.ts'
import { leaveConvo } from '../src/endpoints/chat/bsky/convo/leaveConvo.ts'
import { lockConvo } from '../src/endpoints/chat/bsky/convo/lockConvo.ts'
import { unlockConvo } from '../src/endpoints/chat/bsky/convo/unlockConvo.ts'
import { addMembers } from '../src/endpoints/chat/bsky/group/addMembers.ts'
import { approveJoinRequest } from '../src/endpoints/chat/bsky/group/approveJoinRequest.ts'
import { createGroup } from '../src/endpoints/chat/bsky/group/createGroup.ts'
import { disableJoinLink } from '../src/endpoints/chat/bsky/group/disableJoinLink.ts'
import { editGroup } from '../src/endpoints/chat/bsky/group/editGroup.ts'
import { editJoinLink } from '../src/endpoints/chat/bsky/group/editJoinLink.ts'
import { enableJoinLink } from '../src/endpoints/chat/bsky/group/enableJoinLink.ts'
import { rejectJoinRequest } from '../src/endpoints/chat/bsky/group/rejectJoinRequest.ts'
import { removeMembers } from '../src/endpoints/chat/bsky/group/removeMembers.ts'
import { requestJoin } from '../src/endpoints/chat/bsky/group/requestJoin.ts'
import { withdrawJoinRequest } from '../src/endpoints/chat/bsky/group/withdrawJoinRequest.ts'
import { getActorMetadata } from '../src/endpoints/chat/bsky/moderation/getActorMetadata.ts'
import { updateActorAccess } from '../src/endpoints/chat/bsky/moderation/updateActorAccess.ts'
import type { ModEvent } from '../src/store/rows.ts'
import { formatTid, parseTid, tidTime } from '../src/tid.ts'
import { askToJoin, beginGroup, openLink } from './group-setups.ts'
import { type Actor, onEveryStore, openConvo, refuses, type Stage, say } from './stage.ts'

type Event = ModEvent['event']

/** What happened since the last call, each event without its type's prefix and with what all of them share checked. */
function newEvents(set: Stage) {
  let after = 0
  return async (): Promise<Record<string, unknown>[]> => {
    const found = await set.ctx.store.forModerators.events({ after, limit: 1000 })
    after = found.at(-1)?.rev ?? after
    return found.map(({ rev, event }) => {
      assertShared(rev, event)
      const { $type, rev: _, createdAt, ...rest } = event
      if ('convoCreatedAt' in rest) delete (rest as { convoCreatedAt?: string }).convoCreatedAt
      return { type: $type?.split('#event')[1], ...rest }
    })
  }
}

function assertShared(rev: number, event: Event): void {
  assert.equal(event.rev, formatTid(rev))
  assert.equal(event.createdAt, tidTime(rev))
  if ('convoCreatedAt' in event) assert.equal(event.convoCreatedAt, tidTime(parseTid(event.convoId)!))
  assert.doesNotMatch(JSON.stringify(event), /secret/)
}

onEveryStore('events for moderators', stage => {
  test('a direct convo: its first message and how it was accepted', async () => {
    const set = stage()
    const [alice, bob, carla] = [set.actor('alice'), set.actor('bob'), set.actor('carla')]
    const events = newEvents(set)
    const [withBob, withCarla] = [await openConvo(alice, bob), await openConvo(alice, carla)]
    assert.deepEqual(await events(), [], 'nobody has written yet')
    const { id } = await say(alice, withBob, 'secret')
    const { id: second } = await say(alice, withCarla, 'secret')
    const first = { type: 'ConvoFirstMessage', user: alice.did }
    assert.deepEqual(await events(), [
      { ...first, convoId: withBob.id, messageId: id, recipients: [bob.did] },
      { ...first, convoId: withCarla.id, messageId: second, recipients: [carla.did] },
    ])
    await bob.call(acceptConvo, { convoId: withBob.id })
    await bob.call(acceptConvo, { convoId: withBob.id })
    await say(carla, withCarla, 'secret')
    await say(carla, withCarla, 'secret')
    const accepted = { type: 'ChatAccepted' }
    assert.deepEqual(await events(), [
      { ...accepted, actorDid: bob.did, convoId: withBob.id, method: 'explicit' },
      { ...accepted, actorDid: carla.did, convoId: withCarla.id, method: 'message' },
    ])
  })

  test('a group: created, accepted, first message, named, locked and unlocked', async () => {
    const set = stage()
    const [alice, bob, carla] = [set.actor('alice'), set.actor('bob'), set.actor('carla')]
    const events = newEvents(set)
    const convo = await beginGroup(alice, [bob, carla])
    const convoId = convo.id
    const group = { convoId, ownerDid: alice.did, groupName: 'Readers', groupMemberCount: 3 }
    const byAlice = { ...group, actorDid: alice.did }
    assert.deepEqual(await events(), [
      { type: 'GroupChatCreated', ...byAlice, initialMemberDids: [bob.did, carla.did] },
    ])
    await bob.call(acceptConvo, { convoId })
    const { id } = await say(carla, convo, 'secret')
    await say(bob, convo, 'secret')
    assert.deepEqual(await events(), [
      { type: 'ChatAccepted', ...group, actorDid: bob.did, method: 'explicit' },
      { type: 'ChatAccepted', ...group, actorDid: carla.did, method: 'message' },
      {
        type: 'ConvoFirstMessage',
        convoId,
        messageId: id,
        user: carla.did,
        recipients: [alice.did, bob.did],
      },
    ])
    await alice.call(editGroup, { convoId, name: 'Readers' })
    await alice.call(editGroup, { convoId, name: 'Writers' })
    await alice.call(lockConvo, { convoId })
    await alice.call(unlockConvo, { convoId })
    await alice.call(unlockConvo, { convoId })
    const renamed = { ...byAlice, type: 'GroupChatUpdated', groupName: 'Writers' }
    assert.deepEqual(await events(), [
      { ...renamed, updateType: 'name_changed', oldName: 'Readers', newName: 'Writers' },
      { ...renamed, updateType: 'locked', lockReason: 'owner_action' },
      { ...renamed, updateType: 'unlocked' },
    ])
  })

  test('members: added, left and removed, with the count of then', async () => {
    const set = stage()
    const [alice, bob, carla, dave] = ['alice', 'bob', 'carla', 'dave'].map(name => set.actor(name)) as [
      Actor,
      Actor,
      Actor,
      Actor,
    ]
    const events = newEvents(set)
    const { id: convoId } = await beginGroup(alice, [bob])
    await events()
    set.people.follow(carla.did, alice.did)
    set.people.follow(alice.did, dave.did)
    await alice.call(addMembers, { convoId, members: [carla.did, bob.did, dave.did] })
    const group = { convoId, ownerDid: alice.did, groupName: 'Readers' }
    const added = { type: 'GroupChatMemberAdded', ...group, actorDid: alice.did }
    assert.deepEqual(await events(), [
      {
        ...added,
        groupMemberCount: 3,
        subjectDid: carla.did,
        subjectFollowsOwner: true,
        requestMembersCount: 2,
      },
      {
        ...added,
        groupMemberCount: 4,
        subjectDid: dave.did,
        subjectFollowsOwner: false,
        requestMembersCount: 3,
      },
    ])
    await bob.call(leaveConvo, { convoId })
    await alice.call(removeMembers, { convoId, members: [dave.did, bob.did, carla.did] })
    const left = { type: 'GroupChatMemberLeft', ...group }
    const kicked = { ...left, actorDid: alice.did, leaveMethod: 'kicked', groupMemberCount: 1 }
    assert.deepEqual(await events(), [
      { ...left, actorDid: bob.did, subjectDid: bob.did, leaveMethod: 'voluntary', groupMemberCount: 3 },
      { ...kicked, subjectDid: dave.did },
      { ...kicked, subjectDid: carla.did },
    ])
  })

  test('the owner’s leaving ends the group', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const { id: convoId } = await beginGroup(alice, [bob])
    await alice.call(lockConvo, { convoId })
    const events = newEvents(set)
    await events()
    await alice.call(leaveConvo, { convoId })
    const group = {
      convoId,
      ownerDid: alice.did,
      groupName: 'Readers',
      groupMemberCount: 1,
      actorDid: alice.did,
    }
    assert.deepEqual(await events(), [
      { type: 'GroupChatUpdated', ...group, updateType: 'locked_permanently' },
      { type: 'GroupChatMemberLeft', ...group, subjectDid: alice.did, leaveMethod: 'voluntary' },
    ])
  })

  test('links and those who come by them', async () => {
    const set = stage()
    const [alice, bob, carla, dave] = ['alice', 'bob', 'carla', 'dave'].map(name => set.actor(name)) as [
      Actor,
      Actor,
      Actor,
      Actor,
    ]
    const convo = await beginGroup(alice, [])
    const convoId = convo.id
    const events = newEvents(set)
    await events()
    const joinLinkCode = await openLink(alice, convo)
    set.people.follow(bob.did, alice.did)
    await bob.call(requestJoin, { code: joinLinkCode })
    await bob.call(requestJoin, { code: joinLinkCode })
    const group = { convoId, ownerDid: alice.did, groupName: 'Readers', groupMemberCount: 1 }
    const updated = { type: 'GroupChatUpdated', ...group, actorDid: alice.did, joinLinkCode }
    const open = { joinLinkFollowersOnly: false, joinLinkRequiresApproval: false }
    const joined = { type: 'GroupChatMemberJoined', ...group, groupMemberCount: 2, actorDid: bob.did }
    assert.deepEqual(await events(), [
      { ...updated, ...open, updateType: 'join_link_created' },
      { ...joined, joinLinkCode, subjectFollowsOwner: true },
    ])
    await alice.call(editJoinLink, { convoId, requireApproval: true, joinRule: 'followedByOwner' })
    await alice.call(editJoinLink, { convoId, requireApproval: true })
    await alice.call(disableJoinLink, { convoId })
    await alice.call(disableJoinLink, { convoId })
    await alice.call(enableJoinLink, { convoId })
    const two = { ...updated, groupMemberCount: 2 }
    const closed = { joinLinkFollowersOnly: true, joinLinkRequiresApproval: true }
    assert.deepEqual(await events(), [
      { ...two, ...closed, updateType: 'join_link_settings_changed' },
      { ...two, ...closed, updateType: 'join_link_disabled' },
      { ...two, ...closed, updateType: 'join_link_settings_changed' },
    ])
    for (const actor of [carla, dave]) {
      set.people.follow(alice.did, actor.did)
      await actor.call(requestJoin, { code: joinLinkCode })
      await actor.call(requestJoin, { code: joinLinkCode })
    }
    await alice.call(approveJoinRequest, { convoId, member: carla.did })
    await alice.call(rejectJoinRequest, { convoId, member: dave.did })
    await dave.call(requestJoin, { code: joinLinkCode })
    await dave.call(withdrawJoinRequest, { convoId })
    const asked = { type: 'GroupChatJoinRequest', ...group, groupMemberCount: 2, joinLinkCode }
    const three = { ...group, actorDid: alice.did, groupMemberCount: 3 }
    assert.deepEqual(await events(), [
      { ...asked, actorDid: carla.did, subjectFollowsOwner: false },
      { ...asked, actorDid: dave.did, subjectFollowsOwner: false },
      { type: 'GroupChatJoinRequestApproved', ...three, subjectDid: carla.did },
      { type: 'GroupChatJoinRequestRejected', ...three, subjectDid: dave.did },
      { ...asked, actorDid: dave.did, groupMemberCount: 3, subjectFollowsOwner: false },
    ])
  })
})

const dayMs = 24 * 60 * 60 * 1000

onEveryStore('moderation', stage => {
  test('what an account did is counted for a day, a month and ever', async () => {
    const set = stage()
    const [alice, bob, carla] = [set.actor('alice'), set.actor('bob'), set.actor('carla')]
    const metadata = (actor: Actor) => bob.call(getActorMetadata, { actor: actor.did })
    const nothing = { messagesSent: 0, messagesReceived: 0, convos: 0, convosStarted: 0 }
    assert.deepEqual(await metadata(alice), { day: nothing, month: nothing, all: nothing })
    const direct = await openConvo(alice, bob)
    await say(alice, direct, 'one')
    await say(bob, direct, 'two')
    set.clock.advance(31 * dayMs)
    const group = await beginGroup(alice, [bob, carla])
    await say(bob, group, 'three')
    set.clock.advance(2 * dayMs)
    await say(alice, direct, 'four')
    await openConvo(alice, carla)
    const day = { ...nothing, messagesSent: 1, convos: 1 }
    const month = { messagesSent: 1, messagesReceived: 1, convos: 2, convosStarted: 1 }
    const all = { messagesSent: 2, messagesReceived: 2, convos: 2, convosStarted: 2 }
    assert.deepEqual(await metadata(alice), { day, month, all })
    assert.deepEqual((await metadata(carla)).all, { ...nothing, messagesReceived: 1, convos: 1 })
    assert.deepEqual((await metadata(bob)).all, { ...all, convosStarted: 0 })
  })

  test('an account that is switched off reads and leaves, and does nothing else', async () => {
    const set = stage()
    const [alice, bob, carla] = [set.actor('alice'), set.actor('bob'), set.actor('carla')]
    const switchTo = (allowAccess: boolean) =>
      carla.call(updateActorAccess, { actor: alice.did, allowAccess })
    const convo = await openConvo(alice, bob)
    await say(alice, convo, 'one')
    await switchTo(false)
    await switchTo(false)
    await refuses(say(alice, convo, 'two'), 'InvalidRequest', 'Account is disabled')
    await refuses(alice.call(getConvoForMembers, { members: [carla.did] }), 'AccountSuspended')
    await refuses(carla.call(getConvoForMembers, { members: [alice.did] }), 'AccountSuspended')
    await refuses(alice.call(createGroup, { members: [], name: 'x' }), 'AccountSuspended')
    await refuses(carla.call(createGroup, { members: [alice.did], name: 'x' }), 'AccountSuspended')
    assert.equal((await carla.call(getConvoAvailability, { members: [alice.did] })).canChat, false)
    assert.equal((await alice.call(getMessages, { convoId: convo.id })).messages.length, 1)
    const { convo: seen } = await bob.call(getConvo, { convoId: convo.id })
    const { members } = seen as { members: { did: string; chatDisabled?: boolean }[] }
    assert.deepEqual(
      members.map(({ did, chatDisabled }) => [did, chatDisabled]),
      [
        [alice.did, true],
        [bob.did, false],
      ],
    )
    await say(bob, convo, 'they still receive')
    assert.equal((await alice.call(getMessages, { convoId: convo.id })).messages.length, 2)
    await switchTo(true)
    await say(alice, convo, 'two')
    await alice.call(leaveConvo, { convoId: convo.id })
  })

  for (const [what, gone, back] of [
    [
      'switched off',
      (set, alice) => set.setDisabled(alice, true),
      (set, alice) => set.setDisabled(alice, false),
    ],
    ['gone', async (set, alice) => set.people.remove(alice.did), async set => void set.actor('alice')],
  ] satisfies [string, ...((set: Stage, alice: Actor) => Promise<void>)[]][]) {
    test(`groups of an owner who is ${what} are locked until the owner is back`, async () => {
      const set = stage()
      const [alice, bob, carla] = [set.actor('alice'), set.actor('bob'), set.actor('carla')]
      const convo = await beginGroup(alice, [bob])
      const code = await openLink(alice, convo)
      await say(bob, convo, 'one')
      const lock = async (actor: Actor) => {
        const { kind } = (await actor.call(getConvo, { convoId: convo.id })).convo
        assert.ok(kind && 'lockStatus' in kind)
        return [kind.lockStatus, kind.lockStatusModerationOverride]
      }
      assert.deepEqual(await lock(bob), ['unlocked', false])
      await gone!(set, alice)
      assert.deepEqual(await lock(bob), ['locked', true])
      await refuses(say(bob, convo, 'two'), 'ConvoLocked')
      await refuses(carla.call(requestJoin, { code }), 'ConvoLocked')
      await back!(set, alice)
      assert.deepEqual(await lock(bob), ['unlocked', false])
      await say(bob, convo, 'two')
      await alice.call(lockConvo, { convoId: convo.id })
      await gone!(set, alice)
      assert.deepEqual(await lock(bob), ['locked', true])
      await back!(set, alice)
      assert.deepEqual(await lock(bob), ['locked', false], 'as the owner had set it')
    })
  }

  test('an owner who is switched off cannot unlock, whoever locked', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await beginGroup(alice, [bob])
    await set.setDisabled(alice, true)
    await refuses(alice.call(unlockConvo, { convoId: convo.id }), 'ConvoLockedByModeration')
    await refuses(alice.call(addMembers, { convoId: convo.id, members: [bob.did] }), 'AccountSuspended')
    await refuses(alice.call(editGroup, { convoId: convo.id, name: 'x' }), 'ConvoLocked')
    await set.setDisabled(alice, false)
    await alice.call(unlockConvo, { convoId: convo.id })
    await alice.call(lockConvo, { convoId: convo.id })
    await set.setDisabled(alice, true)
    await refuses(alice.call(unlockConvo, { convoId: convo.id }), 'ConvoLockedByModeration')
    await alice.call(leaveConvo, { convoId: convo.id })
  })

  test('a request to an owner who is switched off waits, and can be taken back', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await beginGroup(alice, [])
    await askToJoin(bob, alice, convo)
    await set.setDisabled(alice, true)
    await refuses(
      alice.call(approveJoinRequest, { convoId: convo.id, member: bob.did }),
      'InvalidRequest',
      'Account is disabled',
    )
    await bob.call(withdrawJoinRequest, { convoId: convo.id })
  })
})
