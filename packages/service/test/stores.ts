import { after } from 'node:test'
import { type Postgres, startPostgres } from '@parley/testing/postgres.ts'
import type { Clock } from '../src/clock.ts'
import type { Engine } from '../src/store/engine.ts'
import { EngineStore } from '../src/store/engine-store.ts'
import { HeadCache } from '../src/store/head-cache.ts'
import { memoryStore } from '../src/store/memory/memory-store.ts'
import { readAddress } from '../src/store/postgres/address.ts'
import { connect } from '../src/store/postgres/driver.ts'
import type { PostgresEngine } from '../src/store/postgres/postgres-engine.ts'
import { openPostgresEngine } from '../src/store/postgres/postgres-store.ts'
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts'
import type { Store } from '../src/store/store.ts'

export type OpenStore = (clock: Clock) => Store

export const sqliteStore: OpenStore = clock => openSqliteStore({ path: ':memory:', clock })

/** On an empty database, at once: what is asked of it waits until it is open. */
export const postgresStore: OpenStore = clock => {
  const engine = openedSoon(databases.take())
  return new EngineStore(engine, clock, { rows: new HeadCache(engine, clock) })
}

/** Every store, by its name in titles. */
export const stores: readonly [name: string, open: OpenStore][] = [
  ['memory', memoryStore],
  ['SQLite', sqliteStore],
  ['PostgreSQL', postgresStore],
]

/** An empty database. */
interface Taken {
  engine: PostgresEngine
  address: string
  /** Once the engine is closed. */
  giveBack(): Promise<void>
}

/** Databases of one server, started when the first is taken. One that was given back is emptied and taken again. */
class Databases {
  #server: Promise<Postgres> | undefined
  readonly #free: string[] = []

  async take(): Promise<Taken> {
    this.#server ??= startPostgres()
    const address = this.#free.pop() ?? (await (await this.#server).createDatabase())
    const engine = await openPostgresEngine(address)
    return { engine, address, giveBack: () => this.#giveBack(address) }
  }

  async #giveBack(address: string): Promise<void> {
    const driver = connect(readAddress(address))
    const tables = await driver.unsafe(`
      select tablename from pg_tables
      where schemaname = 'public' and tablename not in ('parley_version', 'mod_event_head')`)
    await driver.unsafe(tables.map(({ tablename }) => `delete from ${tablename};`).join(''))
    await driver.unsafe('update mod_event_head set rev = 0')
    await driver.end({ timeout: 0 })
    this.#free.push(address)
  }

  async stop(): Promise<void> {
    const server = await this.#server
    this.#server = undefined
    await server?.[Symbol.asyncDispose]()
  }
}

export const databases = new Databases()
after(() => databases.stop())

function openedSoon(opening: Promise<Taken>): Engine {
  const engine = opening.then(opened => opened.engine)
  const known: Partial<Engine> = {
    commitsUnderWay: 2,
    forModerators: passOn(engine.then(({ forModerators }) => forModerators)),
    async close() {
      const opened = await opening
      await opened.engine.close()
      await opened.giveBack()
    },
  }
  return passOn<Engine>(engine, known)
}

/** Passes calls of methods on to something that is not there yet. */
function passOn<T extends object>(coming: Promise<T>, known: Partial<T> = {}): T {
  coming.catch(() => {})
  return new Proxy(known as T, {
    get: (target, name) =>
      Reflect.get(target, name) ??
      (async (...args: unknown[]) => {
        const there = await coming
        return (Reflect.get(there, name) as (...args: unknown[]) => unknown).apply(there, args)
      }),
  })
}
