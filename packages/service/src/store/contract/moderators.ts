import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Tid } from '../../tid.ts'
import type { ModEvent } from '../rows.ts'
import type { Store } from '../store.ts'
import type { Transaction } from '../transaction.ts'
import {
  addMessage,
  addMessageBy,
  addSystemMessage,
  alice,
  bob,
  carla,
  dave,
  type Given,
  join,
  textOf,
  withConvo,
  withGroup,
} from './given.ts'

const nothing = { messagesSent: 0, messagesReceived: 0, convos: 0, convosStarted: 0 }

/** What moderators read, who are members of nothing. */
export function moderatorContract({ using, advance }: Given): void {
  const appendEvent = (tx: Transaction): ModEvent => {
    const rev = tx.nextRev()
    const $type = 'chat.bsky.moderation.subscribeModEvents#eventRateLimitExceeded' as const
    const event = { $type, actorDid: alice, createdAt: '2026-11-22T00:00:00Z', endpoint: 'é', rev: `${rev}` }
    tx.appendModEvent({ rev, event } as ModEvent)
    return { rev, event } as ModEvent
  }
  const newEvent = (store: Store) => store.transact({}, appendEvent)

  test('moderators read any convo, with the rev of its newest message or of its beginning', () =>
    using(async store => {
      const { convoId, messages } = await withConvo(store, ['one', 'two'])
      const group = await withGroup(store, [alice])
      const found = await store.forModerators.convos([group.id, 12345, convoId])
      assert.deepEqual(found, [
        { convo: group, rev: group.id },
        { convo: { id: convoId, kind: 'direct' }, rev: messages[1]!.id },
      ])
      const told = await store.transact({}, tx =>
        addSystemMessage(tx, group.id, { type: 'memberLeave', member: bob }),
      )
      assert.equal((await store.forModerators.convos([group.id]))[0]?.rev, told.id)
      assert.deepEqual(await store.forModerators.convos([]), [])
    }))

  test('moderators read the members of any convo in the order of joining, by pages', () =>
    using(async store => {
      const group = await withGroup(store, [dave, carla, bob])
      await store.transact({ convos: [group.id] }, tx => join(tx, group.id, alice, { rev: 0, addedBy: dave }))
      const first = await store.forModerators.members(group.id, { limit: 2 })
      assert.deepEqual(
        first.map(({ did }) => did),
        [dave, carla],
      )
      const rest = await store.forModerators.members(group.id, { limit: 5, after: first[1]!.joined })
      assert.deepEqual(
        rest.map(({ did, addedBy }) => [did, addedBy]),
        [
          [bob, undefined],
          [alice, dave],
        ],
      )
      assert.deepEqual(await store.forModerators.members(12345, { limit: 5 }), [])
    }))

  test('moderators read a message whoever has left, hidden or not yet joined, with its reply and reactions', () =>
    using(async store => {
      const { convoId, messages } = await withConvo(store, ['one', 'two'])
      const [one, two] = messages
      const at = { convoId, messageId: one!.id, viewer: alice }
      const reply = await store.transact({ messages: [at] }, tx => {
        tx.hideMessage(alice, one!)
        tx.addReaction({ convoId, messageId: one!.id, sender: bob, value: '👍', rev: tx.nextRev() })
        const id = tx.nextRev()
        tx.addMessage({ convoId, id, rev: id, sender: bob, body: { text: 'to that', replyTo: one!.id } })
        return id
      })
      const [viewed] = await store.forModerators.messages(reply)
      assert.equal(viewed?.replyTo?.outOfSight, false)
      assert.deepEqual([viewed?.replyTo?.hidden, textOf(viewed?.replyTo?.message)], [false, 'one'])
      const [found] = await store.forModerators.messages(one!.id, convoId)
      assert.deepEqual([found?.hidden, found?.reactions.length], [false, 1])
      assert.deepEqual(await store.forModerators.messages(two!.id + 999), [])
      assert.deepEqual(await store.forModerators.messages(one!.id, convoId + 1), [])
    }))

  test('messages beside one are those of its convo on that side, nearest first, of all kinds', () =>
    using(async store => {
      const [group, other] = [await withGroup(store, [alice]), await withGroup(store, [alice])]
      const ids = await store.transact({}, tx => {
        const ids: Tid[] = []
        for (let i = 0; i < 9; i++) {
          addMessageBy(tx, alice, other.id, 'elsewhere')
          const event = { type: 'memberLeave', member: bob } as const
          const message =
            i % 3 === 2 ? addSystemMessage(tx, group.id, event) : addMessageBy(tx, alice, group.id, `${i}`)
          ids.push(message.id)
        }
        return ids
      })
      const beside = async (side: 'before' | 'after', limit: number) =>
        (await store.forModerators.messagesBeside(group.id, ids[4]!, side, limit)).map(
          ({ message }) => message.id,
        )
      assert.deepEqual(await beside('before', 3), [ids[3], ids[2], ids[1]])
      assert.deepEqual(await beside('after', 3), [ids[5], ids[6], ids[7]])
      assert.deepEqual(await beside('before', 100), ids.slice(0, 4).reverse())
      assert.deepEqual(await beside('after', 100), ids.slice(5))
      assert.deepEqual(await beside('after', 0), [])
    }))

  test('what an account did since a moment is counted', () =>
    using(async store => {
      const { convoId } = await withConvo(store)
      const told = async (work: (tx: Transaction) => void) => store.transact({ convos: [convoId] }, work)
      await told(tx => {
        for (const did of [alice, bob]) tx.appendLog({ did, rev: tx.nextRev(), type: 'beginConvo', convoId })
        for (let i = 0; i < 3; i++) {
          const { id } = addMessage(tx, convoId, `${i}`)
          tx.appendLog({ did: bob, rev: id, type: 'createMessage', convoId, messageId: id })
        }
      })
      const group = await withGroup(store, [bob, alice])
      advance(1000)
      const since = await store.transact({ convos: [group.id] }, tx => {
        addSystemMessage(tx, group.id, { type: 'memberLeave', member: carla })
        const { id } = addMessageBy(tx, bob, group.id, 'hello')
        for (const did of [alice, bob])
          tx.appendLog({ did, rev: id, type: 'createMessage', convoId: group.id, messageId: id })
        return id
      })
      const activity = (did: typeof alice | typeof bob | typeof carla, from: Tid) =>
        store.forModerators.activity(did, from)
      const all = { messagesSent: 3, messagesReceived: 1, convos: 2, convosStarted: 1 }
      assert.deepEqual(await activity(alice, 0), all)
      assert.deepEqual(await activity(bob, 0), { ...all, messagesSent: 1, messagesReceived: 3 })
      assert.deepEqual(await activity(bob, since), { ...nothing, messagesSent: 1, convos: 1 })
      assert.deepEqual(await activity(bob, group.id), {
        ...nothing,
        messagesSent: 1,
        convos: 1,
        convosStarted: 1,
      })
      assert.deepEqual(await activity(alice, since + 1), nothing)
      assert.deepEqual(await activity(carla, 0), nothing)
    }))

  test('events are read after a rev by pages, oldest first, as they were written', () =>
    using(async store => {
      assert.equal(await store.forModerators.eventHead(), 0)
      assert.deepEqual(await store.forModerators.events({ after: 0, limit: 10 }), [])
      const written = [await newEvent(store), await newEvent(store), await newEvent(store)]
      assert.deepEqual(await store.forModerators.events({ after: 0, limit: 10 }), written)
      assert.deepEqual(await store.forModerators.events({ after: 0, limit: 2 }), written.slice(0, 2))
      const after = written[1]!.rev
      assert.deepEqual(await store.forModerators.events({ after, limit: 2 }), written.slice(2))
      assert.equal(await store.forModerators.eventHead(), written[2]!.rev)
    }))

  test('an event holds the revs up as a log row does, whatever the clock says', () =>
    using(async store => {
      const { rev } = await newEvent(store)
      advance(-3_600_000)
      assert.ok((await store.transact({}, tx => tx.nextRev())) > rev)
      advance(3_600_000)
    }))

  test('who waits for events is woken after the commit that stored some, and by no other', () =>
    using(async store => {
      const heads: Promise<Tid>[] = []
      const stop = store.onModEvents(() => heads.push(store.forModerators.eventHead()))
      const also: number[] = []
      const stopToo = store.onModEvents(() => also.push(1))
      await withConvo(store, ['one'])
      assert.equal(heads.length, 0)
      const { rev } = await newEvent(store)
      assert.deepEqual(await Promise.all(heads), [rev], 'it is there when they wake')
      await assert.rejects(
        store.transact({}, tx => {
          appendEvent(tx)
          throw new Error('changed my mind')
        }),
      )
      assert.equal(heads.length, 1)
      stop()
      stop()
      await newEvent(store)
      assert.deepEqual([heads.length, also.length], [1, 2])
      stopToo()
    }))
}
