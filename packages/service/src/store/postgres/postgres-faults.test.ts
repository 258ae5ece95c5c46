import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { inspect } from 'node:util'
import { type Postgres, startPostgres } from '@parley/testing/postgres.ts'
import { systemClock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import type { Tid } from '../../tid.ts'
import { addMessageBy, alice, bob, dice, textOf, withConvo } from '../contract/given.ts'
import { EngineStore } from '../engine-store.ts'
import { mergeScopes } from '../scope.ts'
import type { Store } from '../store.ts'
import { readAddress } from './address.ts'
import { connect, type Driver } from './driver.ts'
import { PostgresEngine } from './postgres-engine.ts'
import { openPostgresEngine } from './postgres-store.ts'

describe('a PostgreSQL that fails', () => {
  let postgres: Postgres
  before(async () => {
    postgres = await startPostgres()
  })
  after(() => postgres[Symbol.asyncDispose]())

  /** A store with one convo of alice and bob, and a way to the database past it. */
  async function using(run: (given: { store: Store; convoId: Tid; sql: Driver }) => Promise<void>) {
    const address = await postgres.createDatabase()
    const sql = connect(readAddress(address))
    await sql.unsafe("set application_name = 'test'")
    const store = new EngineStore(await openPostgresEngine(address), systemClock)
    const { convoId } = await withConvo(store)
    await run({ store, convoId, sql })
    await store.close()
    await sql.end({ timeout: 0 })
  }

  const say = (store: Store, convoId: Tid, text: string) =>
    store.transact({ convos: [convoId] }, tx => {
      const message = addMessageBy(tx, alice, convoId, text)
      for (const did of [alice, bob]) {
        tx.appendLog({ did, rev: message.id, type: 'createMessage', convoId, messageId: message.id })
      }
    })

  async function said(store: Store, convoId: Tid): Promise<string[]> {
    const membership = (await store.memberships(bob, [convoId])).get(convoId)!
    const page = await store.messages(membership, { limit: 100_000 })
    return page.map(({ message }) => textOf(message)!)
  }

  const isUnavailable = (error: unknown): error is AppError =>
    error instanceof AppError && error.name === 'ServiceUnavailable'

  /** Fails so many inserts into a table with this error, and counts those that come after as well. */
  const failInserts = (sql: Driver, { times, error }: { times: number; error: string }) =>
    sql.unsafe(`
      create sequence inserts;
      create function fail() returns trigger language plpgsql as $$ begin
        if nextval('inserts') <= ${times} then raise exception 'on purpose' using ${error}; end if;
        return new;
      end $$;
      create trigger fails before insert on message for each row execute function fail();`)

  for (const [what, error] of [
    ['a serialisation failure', "errcode = '40001'"],
    ['a deadlock', "errcode = '40P01'"],
    ['a convo id that another process took', "errcode = '23505', constraint = 'convo_pkey'"],
  ] as const) {
    test(`after ${what} the work is done again`, () =>
      using(async ({ store, convoId, sql }) => {
        await failInserts(sql, { times: 3, error })
        await Promise.all(['one', 'two'].map(text => say(store, convoId, text)))
        assert.deepEqual((await said(store, convoId)).sort(), ['one', 'two'])
        assert.equal((await store.log(alice, { after: 0, limit: 10 })).length, 2)
      }))
  }

  test('conflicts that do not end are refused by name, after a few attempts', () =>
    using(async ({ store, convoId, sql }) => {
      await failInserts(sql, { times: 1000, error: "errcode = '40001'" })
      await assert.rejects(say(store, convoId, 'one'), isUnavailable)
      const [row] = await sql.unsafe("select nextval('inserts')::int as attempts")
      assert.ok(row!.attempts < 20, `${row!.attempts} attempts`)
      assert.deepEqual(await said(store, convoId), [])
      await sql.unsafe('drop trigger fails on message')
      await say(store, convoId, 'two')
      assert.deepEqual(await said(store, convoId), ['two'])
    }))

  test('a disk that is full is no conflict: refused by name at once', () =>
    using(async ({ store, convoId, sql }) => {
      await failInserts(sql, { times: 1, error: "errcode = '53100'" })
      await assert.rejects(say(store, convoId, 'one'), isUnavailable)
      await say(store, convoId, 'two')
      assert.deepEqual(await said(store, convoId), ['two'])
    }))

  test('one who locks the same rows in another order is waited out', () =>
    using(async ({ store, convoId, sql }) => {
      await sql.unsafe("set deadlock_timeout = '60s'")
      await sql.unsafe('begin')
      await sql.unsafe(
        'select * from account_head where account = (select max(account) from account_head) for update',
      )
      const saying = say(store, convoId, 'one')
      // Ours has the first head by then and waits for the second, so it is the one that notices the circle.
      await waitUntil(async () => {
        const [row] = await sql.unsafe(
          "select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock'",
        )
        return row!.n > 0
      })
      await sql.unsafe('select * from account_head order by account for update')
      await sql.unsafe('commit')
      await saying
      assert.deepEqual(await said(store, convoId), ['one'])
    }))

  test('a work that breaks the rules of the database fails alone, as the bug it is, and says nothing of what was written', () =>
    using(async ({ store, convoId }) => {
      const twice = store.transact({ convos: [convoId] }, tx => {
        const message = addMessageBy(tx, alice, convoId, 'a secret')
        tx.addMessage(message)
      })
      const [before, broken, later] = await Promise.allSettled([
        say(store, convoId, 'one'),
        twice,
        say(store, convoId, 'two'),
      ])
      assert.deepEqual([before.status, later.status], ['fulfilled', 'fulfilled'])
      assert.ok(broken.status === 'rejected' && !(broken.reason instanceof AppError))
      assert.doesNotMatch(inspect(broken.reason, { depth: 9, showHidden: true }), /secret/)
      assert.match(broken.reason.message, /message_pkey/)
      assert.deepEqual(await said(store, convoId), ['two', 'one'])
    }))

  test('a work with a value that there is no way to write fails alone, and the connection goes on', () =>
    using(async ({ store, convoId }) => {
      const broken = store.transact({ convos: [convoId] }, tx => {
        const { id } = addMessageBy(tx, alice, convoId, 'never')
        tx.addReaction({ convoId, messageId: id, sender: bob, value: undefined as never, rev: tx.nextRev() })
      })
      const outcomes = await Promise.allSettled([
        say(store, convoId, 'one'),
        broken,
        say(store, convoId, 'two'),
      ])
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled'],
      )
      await say(store, convoId, 'three')
      assert.deepEqual((await said(store, convoId)).sort(), ['one', 'three', 'two'])
    }))

  test('a database where nobody answers is given up after two connections, not after every attempt', async () => {
    await using held = new AsyncDisposableStack()
    const connections: Socket[] = []
    const silence = createServer(socket => {
      connections.push(socket.on('error', () => {}))
    })
    held.defer(() => {
      for (const socket of connections) socket.destroy()
      silence.close()
    })
    silence.listen(0, '127.0.0.1')
    await once(silence, 'listening')
    const { port } = silence.address() as AddressInfo
    const engine = new PostgresEngine(readAddress(`postgres://nobody@127.0.0.1:${port}/nothing`))
    held.defer(() => engine.close())
    await assert.rejects(
      engine.commit(mergeScopes([{ convos: [1] }]), () => assert.fail('nothing was loaded')),
      { name: 'ServiceUnavailable', message: /nothing was stored/ },
    )
    assert.equal(connections.length, 2)
  })

  test('connections that are broken at any moment lose nothing and store nothing twice', () =>
    using(async ({ store, convoId, sql }) => {
      const pick = dice(7)
      let isDone = false
      const killing = (async () => {
        while (!isDone) {
          await setTimeout(pick(60))
          const pids = await sql.unsafe("select pid from pg_stat_activity where application_name = 'parley'")
          const found = pids[pick(pids.length)]
          if (found) await sql.unsafe(`select pg_terminate_backend(${found.pid})`)
        }
      })()
      const outcomes = await sayMany(store, convoId, { senders: 6, each: 40 })
      isDone = true
      await killing
      await assertStoredAsTold(outcomes, () => said(store, convoId))
      assert.ok(outcomes.some(({ error }) => error === undefined))
    }))

  test('a commit whose answer never came is looked up: it is acknowledged, and not done twice', () =>
    using(async ({ store, convoId, sql }) => {
      await say(store, convoId, 'before')
      const configure = async (setting: string) => {
        await sql.unsafe(`alter system ${setting}`)
        await sql.unsafe('select pg_reload_conf()')
      }
      const waiting = "from pg_stat_activity where wait_event = 'SyncRep'"
      const isWaiting = async () => (await sql.unsafe(`select 1 ${waiting}`)).length > 0
      const sayings: Promise<void>[] = []
      try {
        // On disk, and then waits for a standby that there is not, once the server has taken that up.
        await configure("set synchronous_standby_names = 'nobody'")
        await waitUntil(async () => {
          if (!(await isWaiting())) sayings.push(say(store, convoId, `${sayings.length}`))
          return isWaiting()
        })
        await sql.unsafe(`select pg_terminate_backend(pid) ${waiting}`)
        await setTimeout(100)
      } finally {
        // All other tests are on the same server.
        await configure('reset synchronous_standby_names')
      }
      await Promise.all(sayings)
      const texts = ['before', ...sayings.keys().map(String)]
      assert.deepEqual((await said(store, convoId)).sort(), texts.sort())
    }))

  test('a commit that goes on after its connection is gone is waited for', async () => {
    const address = await postgres.createDatabase()
    const sql = connect(readAddress(address))
    await using way = await wayTo(address)
    const store = new EngineStore(await openPostgresEngine(way.address), systemClock)
    const { convoId } = await withConvo(store)
    await say(store, convoId, 'before')
    await sql.unsafe(`
      create function wait() returns trigger language plpgsql as $$ begin
        perform pg_sleep(0.7);
        return null;
      end $$;
      create constraint trigger waits after insert on message deferrable initially deferred
        for each row execute function wait();`)
    const saying = say(store, convoId, 'one')
    const asleep = () => sql.unsafe("select 1 from pg_stat_activity where wait_event = 'PgSleep'")
    await waitUntil(async () => (await asleep()).length > 0)
    way.cut()
    await saying
    assert.deepEqual(await said(store, convoId), ['one', 'before'])
    await store.close()
    await sql.end({ timeout: 0 })
  })

  test('a connection that every attempt to commit loses is refused by name, after a few attempts', () =>
    using(async ({ store, convoId, sql }) => {
      await sql.unsafe(`
        create function die() returns trigger language plpgsql as $$ begin
          perform pg_terminate_backend(pg_backend_pid());
          return new;
        end $$;
        create trigger dies before insert on message for each row execute function die();`)
      await assert.rejects(say(store, convoId, 'one'), isUnavailable)
      await sql.unsafe('drop trigger dies on message')
      await say(store, convoId, 'two')
      assert.deepEqual(await said(store, convoId), ['two'])
    }))

  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    test(`a server that ends by ${signal} under load and starts again has what it acknowledged`, () =>
      using(async ({ store, convoId }) => {
        const saying = sayMany(store, convoId, { senders: 6, each: 60, pauseMs: 5 })
        await setTimeout(60)
        await postgres.stop(signal)
        await assert.rejects(store.memberships(alice, [convoId]), isUnavailable)
        await postgres.start()
        const outcomes = await saying
        await waitUntil(() =>
          say(store, convoId, 'again').then(
            () => true,
            () => false,
          ),
        )
        await assertStoredAsTold(outcomes, async () =>
          (await said(store, convoId)).filter(text => text !== 'again'),
        )
      }))
  }

  test('a database of a newer version is left alone', async () => {
    const address = await postgres.createDatabase()
    await (await openPostgresEngine(address)).close()
    const sql = connect(readAddress(address))
    await sql.unsafe('insert into parley_version (version) values (99)')
    await sql.end({ timeout: 0 })
    await assert.rejects(openPostgresEngine(address), /newer Parley/)
  })

  interface SayOptions {
    senders: number
    each: number
    pauseMs?: number
  }

  interface Told {
    text: string
    error: unknown
  }

  async function sayMany(
    store: Store,
    convoId: Tid,
    { senders, each, pauseMs = 0 }: SayOptions,
  ): Promise<Told[]> {
    const told = await Promise.all(
      Array.from({ length: senders }, async (_, sender) => {
        const own: Told[] = []
        for (let n = 0; n < each; n++) {
          const text = `${sender} ${n}`
          const error = await say(store, convoId, text).then(
            () => undefined,
            error => error,
          )
          own.push({ text, error })
          await setTimeout(pauseMs)
        }
        return own
      }),
    )
    return told.flat()
  }

  /** What was acknowledged is there, what was refused as not stored is not, and nothing is there twice. */
  async function assertStoredAsTold(outcomes: readonly Told[], read: () => Promise<string[]>) {
    let texts: string[] = []
    await waitUntil(async () => {
      texts = await read().catch(() => [])
      return texts.length > 0
    })
    assert.equal(new Set(texts).size, texts.length, 'nothing twice')
    for (const { text, error } of outcomes) {
      if (error === undefined) assert.ok(texts.includes(text), `${text} was acknowledged and is not there`)
      else {
        assert.ok(isUnavailable(error), inspect(error))
        if (!/may have been stored/.test(error.message)) assert.ok(!texts.includes(text), `${text} is there`)
      }
    }
  }
})

/** A way to the server that can be cut: the server does not notice, and goes on with what it was told. */
async function wayTo(text: string) {
  const { host, port } = readAddress(text)
  const folder = await mkdtemp(join(tmpdir(), 'parley-way-'))
  const [clients, servers] = [new Set<Socket>(), new Set<Socket>()]
  const gate = createServer(client => {
    const server = createConnection(`${host}/.s.PGSQL.${port}`)
    clients.add(client)
    servers.add(server)
    client.on('error', () => {}).on('data', data => server.write(data))
    server.on('error', () => {}).on('data', data => client.writable && client.write(data))
  })
  gate.listen(`${folder}/.s.PGSQL.${port}`)
  await once(gate, 'listening')
  return {
    address: text.replace(encodeURIComponent(host), encodeURIComponent(folder)),
    cut() {
      for (const client of clients) client.destroy()
    },
    async [Symbol.asyncDispose]() {
      for (const socket of [...clients, ...servers]) socket.destroy()
      gate.close()
      await rm(folder, { recursive: true })
    },
  }
}

async function waitUntil(holds: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 20_000; waited += 20) {
    if (await holds()) return
    await setTimeout(20)
  }
  assert.fail('waited in vain')
}
