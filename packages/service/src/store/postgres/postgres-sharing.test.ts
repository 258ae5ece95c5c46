import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Did } from '@atcute/lexicons/syntax'
import { type Postgres, startPostgres } from '@parley/testing/postgres.ts'
import type { Clock } from '../../clock.ts'
import type { Tid } from '../../tid.ts'
import {
  addMessageBy,
  alice,
  bob,
  carla,
  dave,
  dice,
  join,
  member,
  textOf,
  withGroup,
} from '../contract/given.ts'
import type { Engine } from '../engine.ts'
import { EngineStore } from '../engine-store.ts'
import type { GroupConvo, JoinLink } from '../rows.ts'
import { pairOf } from '../scope.ts'
import type { Store } from '../store.ts'
import { openPostgresEngine } from './postgres-store.ts'

const everybody = [alice, bob, carla, dave] as const
const link: JoinLink = {
  code: 'code',
  enabled: true,
  requireApproval: false,
  joinRule: 'anyone',
  createdAt: 1,
}
const clockAt = (offsetMs: number): Clock => ({ now: () => Date.UTC(2026, 10, 22) + offsetMs })

describe('two processes on one PostgreSQL', () => {
  let postgres: Postgres
  before(async () => {
    postgres = await startPostgres()
  })
  after(() => postgres[Symbol.asyncDispose]())

  /** Two engines as two processes have them, each with its own clock. */
  async function two(
    clocks: readonly [Clock, Clock],
    run: (stores: readonly [Store, Store], engine: Engine) => Promise<void>,
  ): Promise<void> {
    const address = await postgres.createDatabase()
    const engines = await Promise.all(clocks.map(() => openPostgresEngine(address)))
    const stores = engines.map((engine, i) => new EngineStore(engine, clocks[i]!))
    await run([stores[0]!, stores[1]!], engines[0]!)
    for (const store of stores) await store.close()
  }

  for (const [what, clocks] of [
    ['with one time', [clockAt(0), clockAt(0)]],
    ['with clocks an hour apart', [clockAt(0), clockAt(3_600_000)]],
  ] as const) {
    test(`lose nothing, agree on one order, and logs that are followed miss nothing, ${what}`, () =>
      two(clocks, async (stores, engine) => {
        const convos = await someConvos(stores[0])
        const total = 150
        let isDone = false
        const followers = everybody.map(did => follow(engine, did, () => isDone))
        const sent = await Promise.all(
          Array.from({ length: 8 }, (_, i) => sendMany(stores[i % 2]!, { convos, seed: i, total })),
        )
        isDone = true
        const logs = await Promise.all(followers)
        const texts = sent.flat()
        for (const { id, members } of convos) {
          const histories = await Promise.all(members.map(did => history(engine, did, id)))
          for (const seen of histories) assert.deepEqual(seen, histories[0])
          const expected = texts.filter(text => text.startsWith(`${id} `)).sort()
          assert.deepEqual(histories[0]!.map(({ text }) => text).sort(), expected)
        }
        for (const [i, did] of everybody.entries()) {
          const all = await engine.log(did, { after: 0, limit: 100_000 })
          assert.deepEqual(
            logs[i],
            all.map(({ row }) => row.rev),
            did,
          )
        }
      }))
  }

  test('begin one convo for two accounts, whoever asks first', () =>
    two([clockAt(0), clockAt(1)], async stores => {
      for (let round = 0; round < 20; round++) {
        const pair = pairOf(alice, `did:plc:other${round}`)
        const begin = (store: Store) =>
          store.transact({ accounts: pair, pairs: [pair] }, tx => {
            const known = tx.directConvo(pair)
            if (known) return known.id
            const id = tx.nextRev()
            tx.createDirectConvo({ id, kind: 'direct' }, pair)
            for (const did of pair) join(tx, id, did)
            return id
          })
        const [one, another] = await Promise.all(stores.map(begin))
        assert.equal(one, another)
      }
    }))

  test('give one id to messages of two convos, and each stands for itself', () =>
    two([clockAt(0), clockAt(0)], async (stores, engine) => {
      const clashes = await Promise.all(
        stores.map(async (store, i) => {
          const dids = [everybody[i * 2]!, everybody[i * 2 + 1]!] as const
          const id = await direct(store, dids)
          await store.transact({ convos: [id] }, tx => addMessageBy(tx, dids[0], id, `before ${i}`))
          return { store, id, dids }
        }),
      )
      const messageId = 2_000_000_000_000_000
      for (const { store, id, dids } of clashes) {
        await store.transact({ convos: [id] }, tx => {
          tx.addMessage({
            convoId: id,
            id: messageId,
            rev: messageId,
            sender: dids[0],
            body: { text: `in ${id}` },
          })
        })
      }
      const [one, other] = [clashes[0]!, clashes[1]!]
      const at = { convoId: one.id, messageId, viewer: one.dids[1] }
      await one.store.transact({ convos: [one.id], messages: [at] }, tx => {
        const message = tx.message(one.id, messageId)
        assert.ok(message && 'sender' in message)
        tx.addReaction({ convoId: one.id, messageId, sender: one.dids[1], value: '👍', rev: tx.nextRev() })
        tx.hideMessage(one.dids[1], message)
        tx.eraseMessage(message)
      })
      const seen = (await engine.memberships(other.dids[1], [other.id])).get(other.id)!
      const [message] = await engine.messages(seen, { limit: 1 })
      assert.equal(textOf(message?.message), `in ${other.id}`)
      assert.deepEqual([message?.hidden, message?.reactions], [false, []])
      assert.equal((await engine.forModerators.messages(messageId)).length, 2)
      assert.equal((await engine.forModerators.messages(messageId, one.id)).length, 1)
    }))

  test('tell moderators of everything in one stream, whose reader misses nothing', () =>
    two([clockAt(0), clockAt(500)], async (stores, engine) => {
      let isDone = false
      const seen: Tid[] = []
      const reading = (async () => {
        for (;;) {
          const wasDone = isDone
          const page = await engine.forModerators.events({ after: seen.at(-1) ?? 0, limit: 100 })
          seen.push(...page.map(({ rev }) => rev))
          if (wasDone && page.length === 0) return
        }
      })()
      await Promise.all(
        Array.from({ length: 8 }, async (_, i) => {
          for (let n = 0; n < 60; n++) {
            await stores[i % 2]!.transact({}, tx => {
              tx.appendModEvent({ rev: tx.nextRev(), event: { $type: `${i}` } as never })
            })
          }
        }),
      )
      isDone = true
      await reading
      const all = await engine.forModerators.events({ after: 0, limit: 10_000 })
      assert.equal(all.length, 480)
      assert.deepEqual(
        seen,
        all.map(({ rev }) => rev),
      )
    }))

  test('count right what both change, also of a group that nobody is in', () =>
    two([clockAt(0), clockAt(0)], async ([one, other], engine) => {
      const group = await withGroup(one, [alice], { link })
      await one.transact({ convos: [group.id] }, tx => tx.removeMember(tx.member(group.id, alice)!))
      const count = (store: Store) =>
        store.transact({ convos: [group.id] }, tx => {
          const now = tx.convo(group.id) as GroupConvo
          tx.putGroup({ ...now, requestCount: now.requestCount + 1 })
        })
      for (let round = 0; round < 20; round++) await Promise.all([one, other, one, other].map(count))
      assert.equal((await engine.groupsByCode([link.code])).get(link.code)?.requestCount, 80)
    }))

  test('make the tables together', async () => {
    const address = await postgres.createDatabase()
    const engines = await Promise.all([1, 2, 3].map(() => openPostgresEngine(address)))
    for (const engine of engines) await engine.close()
  })
})

interface Meeting {
  id: Tid
  members: readonly Did[]
}

function direct(store: Store, members: readonly [Did, Did]): Promise<Tid> {
  const pair = pairOf(...members)
  return store.transact({ accounts: pair, pairs: [pair] }, tx => {
    const id = tx.nextRev()
    tx.createDirectConvo({ id, kind: 'direct' }, pair)
    for (const did of pair) tx.putMember(member(id, did, { rev: tx.nextRev() }))
    return id
  })
}

/** Every pair, so that each account is in several convos, which different processes write to at once. */
async function someConvos(store: Store): Promise<Meeting[]> {
  const found: Meeting[] = []
  for (const [i, one] of everybody.entries()) {
    for (const other of everybody.slice(i + 1)) {
      found.push({ id: await direct(store, [one, other]), members: [one, other] })
    }
  }
  return found
}

/** Sends messages into convos by chance, each with a text of its own; answers the texts. */
async function sendMany(
  store: Store,
  { convos, seed, total }: { convos: readonly Meeting[]; seed: number; total: number },
): Promise<string[]> {
  const pick = dice(seed + 1)
  const texts: string[] = []
  for (let n = 0; n < total; n++) {
    const { id, members } = convos[pick(convos.length)]!
    const text = `${id} ${seed} ${n}`
    await store.transact({ convos: [id] }, tx => {
      const message = addMessageBy(tx, members[0]!, id, text)
      for (const did of members) {
        tx.appendLog({ did, rev: message.id, type: 'createMessage', convoId: id, messageId: message.id })
      }
    })
    texts.push(text)
  }
  return texts
}

/** Follows an account's log by its cursor, and answers what it saw. */
async function follow(engine: Engine, did: Did, isDone: () => boolean): Promise<Tid[]> {
  const seen: Tid[] = []
  for (;;) {
    const wasDone = isDone()
    const page = await engine.log(did, { after: seen.at(-1) ?? 0, limit: 50 })
    seen.push(...page.map(({ row }) => row.rev))
    if (wasDone && page.length === 0) return seen
  }
}

async function history(engine: Engine, did: Did, convoId: Tid) {
  const membership = (await engine.memberships(did, [convoId])).get(convoId)!
  const page = await engine.messages(membership, { limit: 10_000 })
  return page.map(({ message }) => ({ id: message.id, text: textOf(message)! }))
}
