import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { stores } from '../../test/stores.ts'
import { AppError } from '../errors.ts'
import { modEventsPageMax } from '../limits.ts'
import type { Store } from '../store/store.ts'
import { formatTid, parseTid, type Tid } from '../tid.ts'
import { followModEvents } from './follow-events.ts'
import { reportRateLimit } from './mod-events.ts'

const clock = { now: () => 1_800_000_000_000 }

/** Stores so many events and says their revs, in the order of their commits. */
async function report(store: Store, count: number): Promise<Tid[]> {
  const reports = Array.from({ length: count }, (_, i) =>
    store.transact({}, tx => {
      reportRateLimit(tx, 'did:plc:alice', `org.example.e${i}`)
      return tx.nextRev()
    }),
  )
  await Promise.all(reports)
  return (await store.forModerators.events({ after: 0, limit: 100_000 })).map(({ rev }) => rev)
}

/** The revs of the next so many events. */
async function take(events: AsyncGenerator<{ rev: string }>, count: number): Promise<Tid[]> {
  const revs: Tid[] = []
  while (revs.length < count) {
    const { value, done } = await events.next()
    assert.ok(!done, `ended after ${revs.length}`)
    revs.push(parseTid(value.rev)!)
  }
  return revs
}

for (const [name, open] of stores) {
  describe(`following events for moderators (${name})`, () => {
    async function following(
      run: (store: Store, follow: (from?: Tid) => AsyncGenerator<{ rev: string }>) => Promise<void>,
    ) {
      const store = open(clock)
      const abort = new AbortController()
      const followers: AsyncGenerator[] = []
      await run(store, from => {
        const events = followModEvents(store, from, abort.signal)
        followers.push(events)
        return events
      })
      abort.abort()
      for (const events of followers) await events.return(undefined)
      await store.close()
    }

    test('from the beginning come all, over many pages, and then each as it happens', () =>
      following(async (store, follow) => {
        const revs = await report(store, modEventsPageMax * 2 + 7)
        const events = follow(0)
        assert.deepEqual(await take(events, revs.length), revs)
        const next = take(events, 3)
        const later = await report(store, 3)
        assert.deepEqual(await next, later.slice(-3))
      }))

    test('from a cursor come those after it; from the newest none until something happens', () =>
      following(async (store, follow) => {
        const revs = await report(store, 10)
        assert.deepEqual(await take(follow(revs[6]!), 3), revs.slice(7))
        assert.deepEqual(await take(follow(revs[6]! - 1), 1), [revs[6]], 'a foreign rev is one too')
        const waiting = take(follow(revs[9]!), 1)
        const later = await report(store, 1)
        assert.deepEqual(await waiting, later.slice(-1))
      }))

    test('without a cursor come only those that happen from then on', () =>
      following(async (store, follow) => {
        const before = await report(store, 5)
        let seen: Tid[] = []
        void take(follow(), 2).then(revs => {
          seen = revs
        })
        // When it has asked for the newest rev nobody sees, so some may happen before.
        const after: Tid[] = []
        while (seen.length === 0) after.push(...(await report(store, 1)).slice(-1))
        const first = after.indexOf(seen[0]!)
        assert.ok(first >= 0 && !before.includes(seen[0]!))
        assert.deepEqual(seen, after.slice(first, first + 2))
      }))

    test('a cursor that no event has reached is refused by name', () =>
      following(async (store, follow) => {
        const isRefusal = (error: unknown) => error instanceof AppError && error.name === 'FutureCursor'
        await assert.rejects(follow(1).next(), isRefusal)
        const revs = await report(store, 2)
        await assert.rejects(follow(revs[1]! + 1).next(), isRefusal)
      }))

    test('none is missed and none comes twice while many write at once', () =>
      following(async (store, follow) => {
        const total = 600
        const readers = [follow(0), follow(0), follow(0)]
        const reading = readers.map(reader => take(reader, total))
        for (let written = 0; written < total; written += 60) {
          await report(store, 60)
          if (written % 120 === 0) await setImmediate()
        }
        const revs = (await store.forModerators.events({ after: 0, limit: total })).map(({ rev }) => rev)
        for (const seen of await Promise.all(reading)) assert.deepEqual(seen, revs)
      }))

    test('it ends when it is told to: while it waits, between two events, and before it began', async () => {
      const store = open(clock)
      const revs = await report(store, 3)
      const waiting = new AbortController()
      const live = followModEvents(store, undefined, waiting.signal)
      const next = live.next()
      for (let turn = 0; turn < 5; turn++) await setImmediate()
      waiting.abort()
      assert.deepEqual(await next, { done: true, value: undefined })
      const between = new AbortController()
      const events = followModEvents(store, 0, between.signal)
      const { value } = await events.next()
      assert.equal(value?.rev, formatTid(revs[0]!))
      await events.return(undefined)
      const before = followModEvents(store, 0, AbortSignal.abort())
      assert.deepEqual(await before.next(), { done: true, value: undefined })
      await store.close()
    })

    test('one that has ended is woken no more', async () => {
      const store = open(clock)
      const wakes: (() => void)[] = []
      let stopped = 0
      const onModEvents = store.onModEvents.bind(store)
      store.onModEvents = wake => {
        wakes.push(wake)
        const stop = onModEvents(wake)
        return () => {
          stopped += 1
          stop()
        }
      }
      await report(store, 1)
      const events = followModEvents(store, 0, new AbortController().signal)
      await events.next()
      assert.deepEqual([wakes.length, stopped], [1, 0])
      await events.return(undefined)
      assert.deepEqual([wakes.length, stopped], [1, 1])
      await store.close()
    })
  })
}
