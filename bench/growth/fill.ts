import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Engine } from '../../packages/service/src/store/engine.ts'
import { openPostgresEngine } from '../../packages/service/src/store/postgres/postgres-store.ts'
import { mergeScopes } from '../../packages/service/src/store/scope.ts'
import { openDatabase } from '../../packages/service/src/store/sqlite/open-database.ts'
import { SqliteEngine } from '../../packages/service/src/store/sqlite/sqlite-engine.ts'
import { formatTid } from '../../packages/service/src/tid.ts'
import type { Engine as EngineName } from '../report/findings.ts'
import { type History, historyOf } from './history.ts'
import type { World } from './world.ts'

/** Larger ones are kept for the next run: filling ten million messages takes minutes. */
const keptFrom = 100_000

/** What ours is to be started on. */
export interface Filled {
  /** Of the convo of each pair. */
  convoIds: string[]
  /** A SQLite file. */
  database?: string
  /** Fills a PostgreSQL database, which goes with its server. */
  prepare?: (address: string) => Promise<void>
}

/** A database of our schema as of now with a world in it. A SQLite file may be there from an earlier run. */
export async function filledWith(world: World, on: { engine: EngineName; folder: string }): Promise<Filled> {
  const history = historyOf(world)
  const ofPairs = history.convoIds.slice(world.firstOfPairs, world.firstOfPairs + world.accounts / 2)
  const convoIds = ofPairs.map(formatTid)
  if (on.engine === 'sqlite') return { convoIds, database: await sqliteFile(world, history, on.folder) }
  return {
    convoIds,
    async prepare(address) {
      const engine = await openPostgresEngine(address)
      await fill(engine, history.batches)
      await engine.close()
    },
  }
}

async function sqliteFile(world: World, { batches }: History, folder: string): Promise<string> {
  const name = `${world.name.replaceAll(' ', '-')}-${world.accounts}-${schemaHash()}.sqlite`
  const path = join(folder, name)
  if (existsSync(path) && messagesIn(world) >= keptFrom) return path
  const unfinished = `${path}.unfinished`
  await removeDatabase(unfinished)
  const db = openDatabase(unfinished)
  // Until it is finished, nobody misses it.
  db.exec('pragma synchronous = off; pragma cache_size = -1000000; pragma wal_autocheckpoint = 50000')
  const engine = new SqliteEngine(db)
  await fill(engine, batches)
  await engine.close()
  await removeDatabase(path)
  await rename(unfinished, path)
  return path
}

/** Removes what is not worth keeping for another run. */
export async function letGo(world: World, { database }: Filled): Promise<void> {
  if (database !== undefined && messagesIn(world) < keptFrom) await removeDatabase(database)
}

function messagesIn({ convos }: World): number {
  return convos.reduce((sum, { messages }) => sum + messages, 0)
}

/** Writes through the engine's own door, so that it is the engine that knows its tables. */
async function fill(engine: Engine, batches: History['batches']): Promise<void> {
  for (const changes of batches) await engine.commit(mergeScopes([]), () => changes)
}

async function removeDatabase(path: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm', '-lock', '-lock-journal'])
    await rm(`${path}${suffix}`, { force: true })
}

/** What was filled under another schema is of no use. */
function schemaHash(): string {
  const db = openDatabase(':memory:')
  const rows = db.prepare('select sql from sqlite_master order by name').all()
  db.close()
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex').slice(0, 12)
}
