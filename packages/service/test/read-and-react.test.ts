import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acceptConvo } from '../src/endpoints/chat/bsky/convo/acceptConvo.ts'
import { addReaction } from '../src/endpoints/chat/bsky/convo/addReaction.ts'
import { deleteMessageForSelf } from '../src/endpoints/chat/bsky/convo/deleteMessageForSelf.ts'
import { getConvo } from '../src/endpoints/chat/bsky/convo/getConvo.ts'
import { getMessages } from '../src/endpoints/chat/bsky/convo/getMessages.ts'
import { getUnreadCounts } from '../src/endpoints/chat/bsky/convo/getUnreadCounts.ts'
import { leaveConvo } from '../src/endpoints/chat/bsky/convo/leaveConvo.ts'
import { muteConvo } from '../src/endpoints/chat/bsky/convo/muteConvo.ts'
import { removeReaction } from '../src/endpoints/chat/bsky/convo/removeReaction.ts'
import { sendMessage } from '../src/endpoints/chat/bsky/convo/sendMessage.ts'
import { unmuteConvo } from '../src/endpoints/chat/bsky/convo/unmuteConvo.ts'
import { updateAllRead } from '../src/endpoints/chat/bsky/convo/updateAllRead.ts'
import { updateRead } from '../src/endpoints/chat/bsky/convo/updateRead.ts'
import { type Actor, logTypes, newLog, onEveryStore, openConvo, refuses, say } from './stage.ts'

const unread = async (actor: Actor, convo: { id: string }) =>
  (await actor.call(getConvo, { convoId: convo.id })).convo.unreadCount

onEveryStore('reading', stage => {
  test('the marker moves to the newest message, and both rows say which', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    await say(alice, convo, 'one')
    const last = await say(alice, convo, 'two')
    const log = await newLog(bob)
    const rev = (await bob.call(getConvo, { convoId: convo.id })).convo.rev
    const { convo: read } = await bob.call(updateRead, { convoId: convo.id })
    assert.equal(read.unreadCount, 0)
    assert.equal(read.rev, rev, 'reading does not move the convo in lists')
    const rows = await log()
    assert.deepEqual(
      rows.map(row => row.$type),
      ['chat.bsky.convo.defs#logReadMessage', 'chat.bsky.convo.defs#logReadConvo'],
    )
    for (const row of rows) assert.ok('message' in row && 'id' in row.message && row.message.id === last.id)
    await bob.call(updateRead, { convoId: convo.id })
    assert.equal((await log()).length, 2, 'logged on every call')
  })

  test('the marker stops where it is told to and never goes back', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const ids = []
    for (const text of ['one', 'two', 'three', 'four']) ids.push((await say(alice, convo, text)).id)
    await bob.call(updateRead, { convoId: convo.id, messageId: ids[1]! })
    assert.equal(await unread(bob, convo), 2)
    await bob.call(updateRead, { convoId: convo.id, messageId: ids[0]! })
    assert.equal(await unread(bob, convo), 2)
    await bob.call(updateRead, { convoId: convo.id, messageId: ids[3]! })
    assert.equal(await unread(bob, convo), 0)
    await refuses(bob.call(updateRead, { convoId: convo.id, messageId: '3kabcdefghijk' }), 'InvalidRequest')
    await refuses(bob.call(updateRead, { convoId: '3kabcdefghijk' }), 'InvalidConvo')
  })

  test('a message deleted for oneself no longer counts as unread', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const one = await say(alice, convo, 'one')
    await say(alice, convo, 'two')
    const three = await say(alice, convo, 'three')
    await bob.call(deleteMessageForSelf, { convoId: convo.id, messageId: three.id })
    assert.equal(await unread(bob, convo), 2)
    await bob.call(updateRead, { convoId: convo.id, messageId: one.id })
    assert.equal(await unread(bob, convo), 1)
  })

  test('counts are of unmuted convos, by status, without blocks and without the gone', async () => {
    const set = stage()
    const bob = set.actor('bob')
    const senders = ['alice', 'carla', 'dave', 'erin', 'frank'].map(name => set.actor(name))
    const convos = []
    for (const sender of senders) {
      const convo = await openConvo(sender, bob)
      await say(sender, convo, 'one')
      await say(sender, convo, 'two')
      convos.push(convo)
    }
    await bob.call(acceptConvo, { convoId: convos[0]!.id })
    await bob.call(acceptConvo, { convoId: convos[1]!.id })
    await bob.call(muteConvo, { convoId: convos[1]!.id })
    set.people.block(bob.did, senders[2]!.did)
    set.people.remove(senders[3]!.did)
    assert.deepEqual(await bob.call(getUnreadCounts, {}), { unreadAcceptedConvos: 1, unreadRequestConvos: 1 })
    await bob.call(unmuteConvo, { convoId: convos[1]!.id })
    assert.deepEqual(await bob.call(getUnreadCounts, {}), { unreadAcceptedConvos: 2, unreadRequestConvos: 1 })
    assert.deepEqual(await bob.call(updateAllRead, { status: 'accepted' }), { updatedCount: 2 })
    assert.deepEqual(await bob.call(getUnreadCounts, {}), { unreadAcceptedConvos: 0, unreadRequestConvos: 1 })
    assert.deepEqual(await bob.call(updateAllRead, {}), { updatedCount: 3 })
    assert.deepEqual(await bob.call(updateAllRead, {}), { updatedCount: 0 })
    await refuses(bob.call(updateAllRead, { status: 'everything' }), 'InvalidRequest')
  })

  test('muting is logged where it changes something, for the caller alone', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    await say(alice, convo, 'one')
    const [alices, bobs] = [await newLog(alice), await newLog(bob)]
    assert.equal((await bob.call(muteConvo, { convoId: convo.id })).convo.muted, true)
    await bob.call(muteConvo, { convoId: convo.id })
    assert.equal((await bob.call(unmuteConvo, { convoId: convo.id })).convo.muted, false)
    assert.deepEqual(await logTypes(bobs), ['logMuteConvo', 'logUnmuteConvo'])
    assert.deepEqual(await logTypes(alices), [])
  })
})

onEveryStore('deleting for oneself', stage => {
  test('the message goes out of the caller’s sight and stays in everybody else’s', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const sent = await say(alice, convo, 'secret')
    const [alices, bobs] = [await newLog(alice), await newLog(bob)]
    const gone = await bob.call(deleteMessageForSelf, { convoId: convo.id, messageId: sent.id })
    assert.equal('text' in gone, false)
    assert.deepEqual(await bob.call(deleteMessageForSelf, { convoId: convo.id, messageId: sent.id }), gone)
    const rows = await bobs()
    assert.equal(rows.length, 1)
    assert.ok(rows[0]!.$type === 'chat.bsky.convo.defs#logDeleteMessage')
    assert.equal(rows[0]!.message.$type, 'chat.bsky.convo.defs#deletedMessageView')
    assert.deepEqual(await logTypes(alices), [])
    assert.deepEqual((await bob.call(getMessages, { convoId: convo.id })).messages, [])
    assert.equal((await alice.call(getMessages, { convoId: convo.id })).messages.length, 1)
    const { convo: seen } = await bob.call(getConvo, { convoId: convo.id })
    assert.equal(seen.lastMessage?.$type, 'chat.bsky.convo.defs#deletedMessageView')
    assert.equal(JSON.stringify(await bob.call(getConvo, { convoId: convo.id })).includes('secret'), false)
    for (const messageId of ['3kabcdefghijk', 'nonsense']) {
      await refuses(bob.call(deleteMessageForSelf, { convoId: convo.id, messageId }), 'InvalidRequest')
    }
  })
})

onEveryStore('reacting', stage => {
  test('a reaction raises the message’s rev, not the convo’s, and both are told', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const sent = await say(alice, convo, 'hello')
    const logs = [await newLog(alice), await newLog(bob)]
    const input = { convoId: convo.id, messageId: sent.id, value: '👍🏽' }
    const { message } = await bob.call(addReaction, input)
    assert.ok(message.rev > sent.rev)
    assert.deepEqual(
      message.reactions?.map(({ value, sender }) => [value, sender.did]),
      [['👍🏽', bob.did]],
    )
    for (const log of logs) {
      const [row, ...more] = await log()
      assert.equal(more.length, 0)
      assert.ok(row?.$type === 'chat.bsky.convo.defs#logAddReaction')
      assert.equal(row.rev, message.rev)
      assert.deepEqual(row.message, message)
    }
    const { convo: seen } = await alice.call(getConvo, { convoId: convo.id })
    assert.equal(seen.rev, sent.rev)
    assert.ok(seen.lastReaction?.$type === 'chat.bsky.convo.defs#messageAndReactionView')
    assert.deepEqual(seen.lastReaction.message, message)
    assert.equal((await bob.call(addReaction, input)).message.rev, message.rev, 'again is no change')
    for (const log of logs) assert.deepEqual(await logTypes(log), [])
    const { message: without } = await bob.call(removeReaction, input)
    assert.deepEqual(without.reactions, [])
    for (const log of logs) assert.deepEqual(await logTypes(log), ['logRemoveReaction'])
    await bob.call(removeReaction, input)
    for (const log of logs) assert.deepEqual(await logTypes(log), [])
    assert.equal((await alice.call(getConvo, { convoId: convo.id })).convo.lastReaction, undefined)
  })

  test('a reaction to a reply comes back with what the reply answers', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const sent = await say(alice, convo, 'hello')
    const reply = await bob.call(sendMessage, {
      convoId: convo.id,
      message: { text: 'hi', replyTo: { messageId: sent.id } },
    })
    const { message } = await alice.call(addReaction, { convoId: convo.id, messageId: reply.id, value: '❤️' })
    assert.ok(message.replyTo)
  })

  test('five by one member, and only emoji', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const { id: messageId } = await say(alice, convo, 'hello')
    for (const value of ['👍🏽', '🇩🇪', '1️⃣', '👨‍👩‍👧‍👦', '❤️‍🔥'])
      await bob.call(addReaction, { convoId: convo.id, messageId, value })
    await refuses(
      bob.call(addReaction, { convoId: convo.id, messageId, value: '😆' }),
      'ReactionLimitReached',
    )
    await bob.call(addReaction, { convoId: convo.id, messageId, value: '👍🏽' })
    await alice.call(addReaction, { convoId: convo.id, messageId, value: '😆' })
    for (const value of [
      'x',
      '1',
      '#',
      ' ',
      '\u200d',
      'a\u20e3',
      '\u20e3',
      '\u{1f1e9}',
      '😀\u0301',
      '😀\u{e0041}',
    ]) {
      await refuses(alice.call(addReaction, { convoId: convo.id, messageId, value }), 'ReactionInvalidValue')
      await refuses(
        alice.call(removeReaction, { convoId: convo.id, messageId, value }),
        'ReactionInvalidValue',
      )
    }
  })

  test('no reaction across a block, to a deleted message, or to none', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const { id: messageId } = await say(alice, convo, 'hello')
    const input = { convoId: convo.id, messageId, value: '👍' }
    set.people.block(bob.did, alice.did)
    await refuses(alice.call(addReaction, input), 'InvalidRequest', 'block between recipient and sender')
    set.people.unblock(bob.did, alice.did)
    await alice.call(deleteMessageForSelf, { convoId: convo.id, messageId })
    await refuses(alice.call(addReaction, input), 'ReactionMessageDeleted')
    await refuses(alice.call(addReaction, { ...input, messageId: '3kabcdefghijk' }), 'InvalidRequest')
    await refuses(alice.call(addReaction, { ...input, convoId: '3kabcdefghijk' }), 'InvalidConvo')
  })

  test('who left hears nothing of reactions to what they left behind', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const { id: messageId } = await say(alice, convo, 'hello')
    await bob.call(leaveConvo, { convoId: convo.id })
    const log = await newLog(bob)
    await alice.call(addReaction, { convoId: convo.id, messageId, value: '👍' })
    assert.deepEqual(await logTypes(log), [])
    await refuses(bob.call(addReaction, { convoId: convo.id, messageId, value: '👍' }), 'InvalidRequest')
    assert.equal((await bob.call(getConvo, { convoId: convo.id })).convo.lastReaction, undefined)
  })

  test('nor does a reply to what they left behind tell of it', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const { id: messageId } = await say(alice, convo, 'hello')
    await bob.call(leaveConvo, { convoId: convo.id })
    const message = { text: 'again', replyTo: { messageId } }
    await alice.call(sendMessage, { convoId: convo.id, message })
    const before = await bob.call(getMessages, { convoId: convo.id })
    await alice.call(addReaction, { convoId: convo.id, messageId, value: '👍' })
    assert.deepEqual(await bob.call(getMessages, { convoId: convo.id }), before)
  })
})

onEveryStore('reacting to what goes away meanwhile', stage => {
  test('the answer is the message or says that it is deleted, whenever the deletion comes', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const answers = new Set<string>()
    // So many turns of promises later: before the reaction, in its commit, between it and its answer, after that.
    for (let turns = 0; turns < 30; turns++) {
      const target = { convoId: convo.id, messageId: (await say(alice, convo, 'hi')).id }
      const reacting = bob.call(addReaction, { ...target, value: '👍' })
      for (let turn = 0; turn < turns; turn++) await undefined
      const deleting = bob.call(deleteMessageForSelf, target)
      const answer = await reacting.catch((error: Error) => error)
      await deleting
      answers.add(answer instanceof Error ? answer.name : 'the message')
    }
    assert.ok(answers.isSubsetOf(new Set(['the message', 'ReactionMessageDeleted'])), [...answers].join())
  })
})
