import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getConvo } from '../src/endpoints/chat/bsky/convo/getConvo.ts'
import { getConvoAvailability } from '../src/endpoints/chat/bsky/convo/getConvoAvailability.ts'
import { getConvoForMembers } from '../src/endpoints/chat/bsky/convo/getConvoForMembers.ts'
import { leaveConvo } from '../src/endpoints/chat/bsky/convo/leaveConvo.ts'
import { listConvos } from '../src/endpoints/chat/bsky/convo/listConvos.ts'
import { sendMessage } from '../src/endpoints/chat/bsky/convo/sendMessage.ts'
import { logTypes, newLog, onEveryStore, openConvo, refuses, say } from './stage.ts'

onEveryStore('opening a direct convo', stage => {
  test('the same pair always gets the same convo, whoever asks and however', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const first = await openConvo(alice, bob)
    assert.equal((await openConvo(bob, alice)).id, first.id)
    const { convo } = await alice.call(getConvoForMembers, { members: [bob.did, alice.did, bob.did] })
    assert.equal(convo.id, first.id)
    assert.deepEqual(convo.members.map(member => member.did).sort(), [alice.did, bob.did].sort())
    assert.equal(convo.kind?.$type, 'chat.bsky.convo.defs#directConvo')
  })

  test('racing openings make one convo', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convos = await Promise.all([
      ...Array.from({ length: 8 }, () => openConvo(alice, bob)),
      ...Array.from({ length: 8 }, () => openConvo(bob, alice)),
    ])
    assert.equal(new Set(convos.map(convo => convo.id)).size, 1)
  })

  test('an empty convo is accepted by its opener, in nobody’s list, and unknown to the other', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const bobsLog = await newLog(bob)
    const convo = await openConvo(alice, bob)
    assert.equal(convo.status, 'accepted')
    assert.equal(convo.unreadCount, 0)
    assert.deepEqual((await alice.call(listConvos, {})).convos, [])
    assert.deepEqual((await bob.call(listConvos, {})).convos, [])
    assert.deepEqual(await logTypes(bobsLog), [])
    await refuses(bob.call(getConvo, { convoId: convo.id }), 'InvalidConvo', 'Convo not found')
    assert.deepEqual(await bob.call(getConvoAvailability, { members: [alice.did] }), { canChat: true })
  })

  test('opening twice logs once', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const log = await newLog(alice)
    await openConvo(alice, bob)
    await openConvo(alice, bob)
    assert.deepEqual(await logTypes(log), ['logBeginConvo'])
    assert.deepEqual(set.begun, [alice.did], 'and counts once as begun')
  })

  test('with oneself, with two others, and with nobody there is no direct convo', async () => {
    const set = stage()
    const [alice, bob, carla] = [set.actor('alice'), set.actor('bob'), set.actor('carla')]
    await refuses(alice.call(getConvoForMembers, { members: [alice.did] }), 'InvalidRequest')
    await refuses(alice.call(getConvoForMembers, { members: [bob.did, carla.did] }), 'InvalidRequest')
    assert.deepEqual(await alice.call(getConvoAvailability, { members: [alice.did] }), { canChat: false })
  })

  const refusals = [
    ['a recipient who accepts nobody', 'MessagesDisabled', 'recipient has disabled incoming messages'],
    [
      'a recipient who does not follow back',
      'NotFollowedBySender',
      'recipient requires incoming messages to come from someone they follow',
    ],
    ['a recipient who is gone', 'RecipientNotFound', 'recipient does not exist'],
    ['a recipient who blocks', 'BlockedActor', 'block between recipient and sender'],
    ['a recipient who is blocked', 'BlockedSubject', 'block between recipient and sender'],
  ] as const
  for (const [what, name, text] of refusals) {
    test(`${what} cannot be messaged, and nothing is stored`, async () => {
      const set = stage()
      const alice = set.actor('alice')
      const allow =
        name === 'MessagesDisabled' ? 'none' : name === 'NotFollowedBySender' ? 'following' : 'all'
      const bob = set.actor('bob', allow)
      if (name === 'RecipientNotFound') set.people.remove(bob.did)
      if (name === 'BlockedActor') set.people.block(bob.did, alice.did)
      if (name === 'BlockedSubject') set.people.block(alice.did, bob.did)
      const log = await newLog(alice)
      await refuses(openConvo(alice, bob), name, text)
      assert.deepEqual(await alice.call(getConvoAvailability, { members: [bob.did] }), { canChat: false })
      assert.deepEqual(await logTypes(log), [])
    })
  }

  test('someone they follow may write to an account that accepts those', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob', 'following')]
    set.people.follow(bob.did, alice.did)
    assert.equal((await openConvo(alice, bob)).status, 'accepted')
  })

  test('a convo with history opens whatever has changed since, so that it can be read', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    await say(alice, convo, 'hello')
    set.people.block(bob.did, alice.did)
    assert.equal((await openConvo(alice, bob)).id, convo.id)
    const availability = await alice.call(getConvoAvailability, { members: [bob.did] })
    assert.equal(availability.canChat, false)
    assert.equal(availability.convo?.id, convo.id)
  })

  test('opening a convo that one had left accepts it again, without its history', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    await say(bob, await openConvo(bob, alice), 'before')
    await alice.call(leaveConvo, { convoId: convo.id })
    const log = await newLog(alice)
    const again = await openConvo(alice, bob)
    assert.equal(again.id, convo.id)
    assert.equal(again.status, 'accepted')
    assert.equal(again.lastMessage, undefined)
    assert.deepEqual(await logTypes(log), ['logBeginConvo'])
  })

  test('a foreign convo id is no convo to anyone else', async () => {
    const set = stage()
    const [alice, bob, mallory] = [set.actor('alice'), set.actor('bob'), set.actor('mallory')]
    const convo = await openConvo(alice, bob)
    await say(alice, convo, 'private')
    await refuses(mallory.call(getConvo, { convoId: convo.id }), 'InvalidConvo')
    await refuses(
      mallory.call(sendMessage, { convoId: convo.id, message: { text: 'hi' } }),
      'InvalidConvo',
      'Convo not found',
    )
    for (const convoId of ['', 'nonsense', '2222222222222', `${convo.id.slice(0, 11)}2a`, '😀'.repeat(13)]) {
      await refuses(alice.call(getConvo, { convoId }), 'InvalidConvo')
    }
  })
})
