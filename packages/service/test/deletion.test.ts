import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deleteAccount as deleteNow } from '../src/account/delete.ts'
import { deleteAccount } from '../src/endpoints/chat/bsky/actor/deleteAccount.ts'
import { exportAccountData } from '../src/endpoints/chat/bsky/actor/exportAccountData.ts'
import { acceptConvo } from '../src/endpoints/chat/bsky/convo/acceptConvo.ts'
import { addReaction } from '../src/endpoints/chat/bsky/convo/addReaction.ts'
import { deleteMessageForSelf } from '../src/endpoints/chat/bsky/convo/deleteMessageForSelf.ts'
import { getConvo } from '../src/endpoints/chat/bsky/convo/getConvo.ts'
import { getConvoAvailability } from '../src/endpoints/chat/bsky/convo/getConvoAvailability.ts'
import { getMessages } from '../src/endpoints/chat/bsky/convo/getMessages.ts'
import { leaveConvo } from '../src/endpoints/chat/bsky/convo/leaveConvo.ts'
import { listConvoRequests } from '../src/endpoints/chat/bsky/convo/listConvoRequests.ts'
import { listConvos } from '../src/endpoints/chat/bsky/convo/listConvos.ts'
import { muteConvo } from '../src/endpoints/chat/bsky/convo/muteConvo.ts'
import { sendMessage } from '../src/endpoints/chat/bsky/convo/sendMessage.ts'
import { updateRead } from '../src/endpoints/chat/bsky/convo/updateRead.ts'
import { createGroup } from '../src/endpoints/chat/bsky/group/createGroup.ts'
import { rejectJoinRequest } from '../src/endpoints/chat/bsky/group/rejectJoinRequest.ts'
import { removeMembers } from '../src/endpoints/chat/bsky/group/removeMembers.ts'
import { getMessageContext } from '../src/endpoints/chat/bsky/moderation/getMessageContext.ts'
import { getPreferences } from '../src/endpoints/chat/bsky/notification/getPreferences.ts'
import { putPreferences } from '../src/endpoints/chat/bsky/notification/putPreferences.ts'
import { parseTid } from '../src/tid.ts'
import { askToJoin, beginGroup, sayHello } from './group-setups.ts'
import {
  type Actor,
  logTypes,
  newLog,
  onEveryStore,
  openConvo,
  refuses,
  type Stage,
  say,
  wholeLog,
} from './stage.ts'

const deletedView = 'chat.bsky.convo.defs#deletedMessageView'

/** Somebody who wrote in a direct convo, a group, a group left, one of their own, and asked to join another. */
async function withHistory(set: Stage) {
  const cast = ['alice', 'bob', 'carla'].map(name => set.actor(name))
  const [alice, bob, carla] = cast as [Actor, Actor, Actor]
  const direct = await openConvo(alice, bob)
  const secret = await say(alice, direct, 'secret one')
  await say(bob, direct, 'answer')
  await say(alice, direct, 'secret two')
  const shared = await beginGroup(bob, [alice, carla])
  await sayHello([bob, carla], shared)
  await say(alice, shared, 'secret three')
  const left = await beginGroup(bob, [alice, carla], 'Left')
  await say(alice, left, 'secret four')
  await alice.call(leaveConvo, { convoId: left.id })
  const own = await beginGroup(alice, [bob, carla], 'Own')
  await say(alice, own, 'secret five')
  const wanted = await beginGroup(carla, [bob], 'Wanted')
  await askToJoin(alice, carla, wanted)
  return { alice, bob, carla, direct, secret, shared, left, own, wanted }
}

async function unreadOf(actor: Actor, convo: { id: string }): Promise<number> {
  return (await actor.call(getConvo, { convoId: convo.id })).convo.unreadCount
}

/** Everything that an actor can come by, as one text. */
async function allSeenBy(actor: Actor): Promise<string> {
  const { convos } = await actor.call(listConvos, {})
  const pages = await Promise.all(convos.map(({ id }) => actor.call(getMessages, { convoId: id })))
  const lines = await exportOf(actor)
  return JSON.stringify([convos, pages, await wholeLog(actor), lines])
}

async function exportOf(actor: Actor): Promise<string[]> {
  return Array.fromAsync(await actor.call(exportAccountData, {}))
}

onEveryStore('deleting an account', stage => {
  test('it is in no convo any more, its groups have ended and its requests are gone', async () => {
    const { alice, bob, carla, direct, shared, own } = await withHistory(stage())
    await alice.call(deleteAccount, {})
    assert.deepEqual((await alice.call(listConvos, {})).convos, [])
    assert.deepEqual((await alice.call(listConvoRequests, {})).requests, [])
    for (const { id } of [direct, shared, own]) {
      await refuses(alice.call(getMessages, { convoId: id }), 'InvalidConvo')
    }
    const { convos } = await bob.call(listConvos, { kind: 'group', lockStatus: 'locked-permanently' })
    assert.deepEqual(
      convos.map(({ id }) => id),
      [own.id],
    )
    const groups = (await carla.call(listConvos, { kind: 'group' })).convos.map(({ kind }) => kind)
    assert.ok(groups.every(kind => !('joinRequestCount' in kind!)))
    assert.equal((await exportOf(alice)).length, 1, 'the account itself')
  })

  test('what it wrote says nothing to anybody: in no view, log or export, nor to moderators', async () => {
    const { alice, bob, carla, secret } = await withHistory(stage())
    assert.match(await allSeenBy(bob), /secret/)
    await alice.call(deleteAccount, {})
    for (const actor of [alice, bob, carla]) assert.doesNotMatch(await allSeenBy(actor), /secret/)
    const { messages } = await carla.call(getMessageContext, { messageId: secret.id })
    assert.deepEqual(
      messages.map(message => 'text' in message && message.text),
      ['', 'answer', ''],
    )
  })

  test('its message stays the last one, as deleted, and the rest of the history stays', async () => {
    const { alice, bob, direct, secret } = await withHistory(stage())
    const reply = { text: 'to that', replyTo: { messageId: secret.id } }
    const sent = await bob.call(sendMessage, { convoId: direct.id, message: reply })
    await bob.call(addReaction, { convoId: direct.id, messageId: secret.id, value: '👍' })
    const last = await say(alice, direct, 'last')
    await alice.call(addReaction, { convoId: direct.id, messageId: sent.id, value: '👍' })
    await alice.call(deleteAccount, {})
    const { convo } = await bob.call(getConvo, { convoId: direct.id })
    assert.deepEqual(
      [convo.lastMessage?.$type, (convo.lastMessage as { id: string }).id],
      [deletedView, last.id],
    )
    assert.equal(convo.lastReaction, undefined)
    const { messages } = await bob.call(getMessages, { convoId: direct.id })
    assert.deepEqual(
      messages.map(message => 'text' in message && [message.text, message.replyTo?.$type, message.reactions]),
      [
        ['to that', deletedView, []],
        ['answer', undefined, []],
      ],
    )
    const again = { text: 'again', replyTo: { messageId: secret.id } }
    await refuses(bob.call(sendMessage, { convoId: direct.id, message: again }), 'ReplyTargetNotFound')
    const reaction = { convoId: direct.id, messageId: secret.id, value: '👍' }
    await refuses(bob.call(addReaction, reaction), 'ReactionMessageDeleted')
  })

  test('others’ unread counts are exactly what is left to read', async () => {
    const set = stage()
    const [alice, bob, carla] = [set.actor('alice'), set.actor('bob'), set.actor('carla')]
    const direct = await openConvo(alice, bob)
    const group = await beginGroup(carla, [alice, bob])
    const sent: { id: string }[] = []
    for (const text of ['1', '2', '3']) {
      await say(alice, direct, text)
      sent.push(await say(alice, group, text))
      await say(carla, group, text)
    }
    await bob.call(updateRead, { convoId: group.id, messageId: sent[1]!.id })
    await bob.call(deleteMessageForSelf, { convoId: group.id, messageId: sent[2]!.id })
    assert.deepEqual([await unreadOf(bob, direct), await unreadOf(bob, group)], [3, 2])
    await alice.call(deleteAccount, {})
    assert.deepEqual([await unreadOf(bob, direct), await unreadOf(bob, group)], [0, 2])
    assert.equal(await unreadOf(carla, group), 0)
    await say(carla, group, 'next')
    assert.equal(await unreadOf(bob, group), 3)
  })

  test('its other devices hear that the convos are gone, members that it left', async () => {
    const { alice, bob } = await withHistory(stage())
    const [device, bobs] = [await newLog(alice), await newLog(bob)]
    await alice.call(deleteAccount, {})
    assert.deepEqual((await logTypes(device)).sort(), [
      'logLeaveConvo',
      'logLeaveConvo',
      'logLeaveConvo',
      'logWithdrawOutgoingJoinRequest',
    ])
    assert.deepEqual(await logTypes(bobs), ['logMemberLeave', 'logLockConvoPermanently', 'logMemberLeave'])
    assert.equal((await wholeLog(alice)).length, 4, 'and of before there is nothing')
  })

  test('settings and idempotency keys are forgotten, what moderation has set is not', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const given = { convoId: convo.id, message: { text: 'hello' }, idempotencyKey: 'k' }
    const first = await alice.call(sendMessage, given)
    const defaults = await alice.call(getPreferences, {})
    await alice.call(putPreferences, { chat: { include: 'follows', push: false } })
    await alice.call(muteConvo, { convoId: convo.id })
    await set.setDisabled(alice, true)
    await alice.call(deleteAccount, {})
    assert.deepEqual(await alice.call(getPreferences, {}), defaults)
    assert.equal((await set.ctx.store.account(alice.did)).chatDisabled, true)
    await set.setDisabled(alice, false)
    const { id } = await openConvo(alice, bob)
    assert.equal(id, convo.id)
    assert.equal((await alice.call(getConvo, { convoId: id })).convo.muted, false)
    const second = await alice.call(sendMessage, given)
    assert.notEqual(second.id, first.id)
  })

  test('done twice it is as done once', async () => {
    const { alice, bob } = await withHistory(stage())
    await alice.call(deleteAccount, {})
    const seen = await allSeenBy(bob)
    await alice.call(deleteAccount, {})
    assert.equal(await allSeenBy(bob), seen)
    assert.deepEqual((await alice.call(listConvos, {})).convos, [])
    const stranger = stage().actor('stranger')
    await stranger.call(deleteAccount, {})
  })

  test('asked for many times at once it is done once', async () => {
    const set = stage()
    const { alice } = await withHistory(set)
    const other = stage()
    const { alice: once } = await withHistory(other)
    const transactionsOf = async ({ ctx }: Stage, run: () => Promise<unknown>) => {
      let count = 0
      const { store } = ctx
      const transact = store.transact.bind(store)
      store.transact = (scope, work) => {
        count += 1
        return transact(scope, work)
      }
      await run()
      return count
    }
    const times = [1, 2, 3].map(() => alice)
    assert.equal(
      await transactionsOf(set, () => Promise.all(times.map(one => one.call(deleteAccount, {})))),
      await transactionsOf(other, () => once.call(deleteAccount, {})),
    )
  })

  test('the account may begin again, as one who has never been told of its convos', async () => {
    const { alice, bob, direct } = await withHistory(stage())
    await alice.call(deleteAccount, {})
    const availability = await alice.call(getConvoAvailability, { members: [bob.did] })
    assert.deepEqual(availability, { canChat: true }, 'nothing is left to be offered')
    await say(bob, direct, 'are you there?')
    assert.deepEqual(
      (await wholeLog(alice)).slice(-2).map(({ $type }) => $type?.split('#')[1]),
      ['logBeginConvo', 'logCreateMessage'],
    )
    const { convos } = await alice.call(listConvos, {})
    assert.deepEqual(
      convos.map(({ id, status, unreadCount }) => [id, status, unreadCount]),
      [[direct.id, 'request', 1]],
    )
  })

  test('what it does after that goes with the next deletion, accepted or still a request', async () => {
    const { alice, bob, carla, direct } = await withHistory(stage())
    const withCarla = await openConvo(carla, alice)
    await say(carla, withCarla, 'hello')
    await alice.call(deleteAccount, {})
    await say(bob, direct, 'are you there?')
    await say(carla, withCarla, 'are you there?')
    await alice.call(acceptConvo, { convoId: direct.id })
    await say(alice, direct, 'secret six')
    await alice.call(deleteAccount, {})
    assert.doesNotMatch(await allSeenBy(bob), /secret/)
    assert.deepEqual((await alice.call(listConvos, {})).convos, [])
  })

  test('a convo that goes on after it had its first message once', async () => {
    const set = stage()
    const { alice, bob, direct } = await withHistory(set)
    await alice.call(deleteAccount, {})
    await say(bob, direct, 'are you there?')
    const events = await set.ctx.store.forModerators.events({ after: 0, limit: 1000 })
    const firsts = events.filter(({ event }) => event.$type?.endsWith('eventConvoFirstMessage'))
    assert.equal(firsts.filter(({ event }) => 'convoId' in event && event.convoId === direct.id).length, 1)
  })

  test('one who was removed from a group is still kept out by its link', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const group = await beginGroup(bob, [alice])
    await say(alice, group, 'secret')
    await bob.call(removeMembers, { convoId: group.id, members: [alice.did] })
    await alice.call(deleteAccount, {})
    assert.doesNotMatch(await allSeenBy(bob), /secret/)
    const groupId = parseTid(group.id)!
    const candidates = [{ convoId: groupId, did: alice.did }]
    assert.ok(await set.ctx.store.transact({ candidates }, tx => tx.isKicked(groupId, alice.did)))
  })
})

onEveryStore('a deletion that is broken off', stage => {
  test('at any of its steps is completed by the next, and leaves what a whole one leaves', async () => {
    const whole = stage()
    const { alice, bob, carla } = await withHistory(whole)
    await alice.call(deleteAccount, {})
    const expected = await Promise.all([bob, carla].map(allSeenBy))
    let steps = 0
    for (let step = 1; steps === 0; step++) {
      const set = stage()
      const story = await withHistory(set)
      const { store } = set.ctx
      let left = step
      set.ctx.store = new Proxy(store, {
        get(target, name) {
          if (name === 'transact' && left-- === 0) throw new Error('broken off')
          const value = Reflect.get(target, name, target)
          return typeof value === 'function' ? value.bind(target) : value
        },
      })
      const isWhole = await story.alice.call(deleteAccount, {}).then(
        () => true,
        () => false,
      )
      set.ctx.store = store
      if (isWhole) steps = step
      else await story.alice.call(deleteAccount, {})
      assert.deepEqual(await Promise.all([story.bob, story.carla].map(allSeenBy)), expected, `step ${step}`)
      assert.deepEqual((await story.alice.call(listConvos, {})).convos, [])
    }
    assert.ok(steps > 10, `${steps} steps`)
  })
})

onEveryStore('while an account is deleted', stage => {
  test('leaves nobody, at any moment, with another count than there is to read', async () => {
    const set = stage()
    const [ann, ben, carla] = [set.actor('ann'), set.actor('ben'), set.actor('carla')]
    const { convo: group } = await ben.call(createGroup, { name: 'Trail', members: [ann.did, carla.did] })
    const direct = await openConvo(ann, ben)
    for (const convo of [group, direct]) {
      const { id: read } = await say(ann, convo, 'read')
      const { id: hidden } = await say(ann, convo, 'hidden')
      for (const text of ['unread', 'unread too']) await say(ann, convo, text)
      await ben.call(updateRead, { convoId: convo.id, messageId: read })
      await ben.call(deleteMessageForSelf, { convoId: convo.id, messageId: hidden })
    }
    await say(carla, group, 'stays')
    const { id: hiddenByCarla } = await say(ann, group, 'hidden from one')
    await carla.call(deleteMessageForSelf, { convoId: group.id, messageId: hiddenByCarla })
    const unreadOf = async (actor: Actor, convoId: string) =>
      (await actor.call(getConvo, { convoId })).convo.unreadCount
    assert.deepEqual([await unreadOf(ben, group.id), await unreadOf(carla, group.id)], [4, 0])

    const { store } = set.ctx
    const transact = store.transact.bind(store)
    store.transact = async (scope, work) => {
      const done = await transact(scope, work)
      for (const { id: convoId } of [group, direct]) {
        const { messages } = await ben.call(getMessages, { convoId })
        const texts = messages.flatMap(message =>
          'text' in message && message.text !== 'read' ? message.text : [],
        )
        assert.equal(await unreadOf(ben, convoId), texts.length)
      }
      return done
    }
    await ann.call(deleteAccount, undefined as never)
    store.transact = transact
    assert.deepEqual([await unreadOf(ben, group.id), await unreadOf(ben, direct.id)], [1, 0])
    assert.equal(await unreadOf(carla, group.id), 0)
  })
})

async function textsSeenBy(actor: Actor, convoId: string): Promise<string[]> {
  const { messages } = await actor.call(getMessages, { convoId })
  return messages.flatMap(message => ('text' in message ? message.text : []))
}

onEveryStore('deleting an account again', stage => {
  test('a convo that came back by a message after the first deletion is erased by the second', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    await say(alice, convo, 'hello')
    await say(bob, convo, 'hi')
    await deleteNow(set.ctx, alice.did)
    await say(bob, convo, 'still there?')
    await say(alice, convo, 'I came back')
    await deleteNow(set.ctx, alice.did)
    assert.deepEqual(await textsSeenBy(bob, convo.id), ['still there?', 'hi'])
  })

  test('also where it was left before', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    await say(alice, convo, 'hello')
    await say(bob, convo, 'hi')
    await deleteNow(set.ctx, alice.did)
    await say(bob, convo, 'still there?')
    await say(alice, convo, 'I came back')
    await alice.call(leaveConvo, { convoId: convo.id })
    await deleteNow(set.ctx, alice.did)
    assert.deepEqual(await textsSeenBy(bob, convo.id), ['still there?', 'hi'])
  })

  test('with a message go the reactions to it', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await openConvo(alice, bob)
    const { id: messageId } = await say(alice, convo, 'hello')
    await bob.call(addReaction, { convoId: convo.id, messageId, value: '👍' })
    await deleteNow(set.ctx, alice.did)
    const [erased] = await set.ctx.store.forModerators.messages(parseTid(messageId)!)
    assert.deepEqual(erased?.reactions, [])
    const { convo: bobs } = await bob.call(getConvo, { convoId: convo.id })
    assert.equal(bobs.lastReaction, undefined)
  })

  test('a request to join that is answered meanwhile is no reason to stop', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const convo = await beginGroup(alice, [])
    await askToJoin(bob, alice, convo)
    await Promise.all([
      alice.call(rejectJoinRequest, { convoId: convo.id, member: bob.did }),
      deleteNow(set.ctx, bob.did),
    ])
  })
})
