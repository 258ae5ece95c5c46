import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acceptConvo } from '../src/endpoints/chat/bsky/convo/acceptConvo.ts'
import { getUnreadCounts } from '../src/endpoints/chat/bsky/convo/getUnreadCounts.ts'
import { leaveConvo } from '../src/endpoints/chat/bsky/convo/leaveConvo.ts'
import { lockConvo } from '../src/endpoints/chat/bsky/convo/lockConvo.ts'
import { muteConvo } from '../src/endpoints/chat/bsky/convo/muteConvo.ts'
import { unlockConvo } from '../src/endpoints/chat/bsky/convo/unlockConvo.ts'
import { unmuteConvo } from '../src/endpoints/chat/bsky/convo/unmuteConvo.ts'
import { updateAllRead } from '../src/endpoints/chat/bsky/convo/updateAllRead.ts'
import { updateJoinRequestsRead } from '../src/endpoints/chat/bsky/group/updateJoinRequestsRead.ts'
import { withdrawJoinRequest } from '../src/endpoints/chat/bsky/group/withdrawJoinRequest.ts'
import { askToJoin, beginGroup } from './group-setups.ts'
import { type Actor, onEveryStore, openConvo, say } from './stage.ts'

/** Accepted and requests. */
async function counts(actor: Actor, given: { includeGroupChats?: boolean } = {}): Promise<[number, number]> {
  const { unreadAcceptedConvos, unreadRequestConvos } = await actor.call(getUnreadCounts, given)
  return [unreadAcceptedConvos, unreadRequestConvos]
}

onEveryStore('unread counts with groups', stage => {
  test('a group counts by its status, and not where groups are not asked for', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const [group, direct] = [await beginGroup(alice, [bob]), await openConvo(alice, bob)]
    assert.deepEqual(await counts(bob), [0, 0], 'an invitation alone is nothing to read')
    await say(alice, group, 'one')
    await say(alice, direct, 'one')
    assert.deepEqual(await counts(bob), [0, 2])
    await bob.call(acceptConvo, { convoId: group.id })
    assert.deepEqual(await counts(bob), [1, 1])
    assert.deepEqual(await counts(bob, { includeGroupChats: false }), [0, 1])
    assert.deepEqual(await counts(alice), [0, 0])
    await bob.call(updateAllRead, {})
    assert.deepEqual(await counts(bob), [0, 0])
  })

  test('muted, locked and ended groups do not count', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await beginGroup(alice, [bob])
    const given = { convoId: convo.id }
    await bob.call(acceptConvo, given)
    await say(alice, convo, 'one')
    await bob.call(muteConvo, given)
    assert.deepEqual(await counts(bob), [0, 0])
    await bob.call(unmuteConvo, given)
    assert.deepEqual(await counts(bob), [1, 0])
    await alice.call(lockConvo, given)
    assert.deepEqual(await counts(bob), [0, 0])
    await alice.call(unlockConvo, given)
    assert.deepEqual(await counts(bob), [1, 0])
    await alice.call(lockConvo, given)
    await alice.call(leaveConvo, given)
    assert.deepEqual(await counts(bob), [0, 0])
  })

  test('join requests that the owner has not looked at make a group unread, for the owner alone', async () => {
    const set = stage()
    const [alice, bob, carla] = [set.actor('alice'), set.actor('bob'), set.actor('carla')]
    const convo = await beginGroup(alice, [bob])
    await askToJoin(carla, alice, convo)
    assert.deepEqual(await counts(alice), [1, 0])
    assert.deepEqual(await counts(alice, { includeGroupChats: false }), [0, 0])
    assert.deepEqual(await counts(bob), [0, 0])
    assert.deepEqual(await counts(carla), [0, 0])
    await alice.call(updateAllRead, {})
    assert.deepEqual(await counts(alice), [1, 0], 'reading messages reads no requests')
    await alice.call(updateJoinRequestsRead, { convoId: convo.id })
    assert.deepEqual(await counts(alice), [0, 0])
    await carla.call(withdrawJoinRequest, { convoId: convo.id })
    assert.deepEqual(await counts(alice), [0, 0])
  })

  test('a request that is taken back unseen is unread no more', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await beginGroup(alice, [])
    await askToJoin(bob, alice, convo)
    await bob.call(withdrawJoinRequest, { convoId: convo.id })
    assert.deepEqual(await counts(alice), [0, 0])
  })

  test('groups whose owner is gone or switched off are locked and do not count, until the owner is back', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await beginGroup(alice, [bob])
    await say(alice, convo, 'one')
    set.people.remove(alice.did)
    assert.deepEqual(await counts(bob), [0, 0])
    set.actor('alice')
    assert.deepEqual(await counts(bob), [0, 1])
    await set.setDisabled(alice, true)
    assert.deepEqual(await counts(bob), [0, 0])
    await set.setDisabled(alice, false)
    assert.deepEqual(await counts(bob), [0, 1])
  })
})
