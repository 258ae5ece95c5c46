import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Engine } from '../../packages/service/src/store/engine.ts'
import { mergeScopes } from '../../packages/service/src/store/scope.ts'
import { openDatabase } from '../../packages/service/src/store/sqlite/open-database.ts'
import { SqliteEngine } from '../../packages/service/src/store/sqlite/sqlite-engine.ts'
import { formatTid } from '../../packages/service/src/tid.ts'
import { historyOf } from './history.ts'
import type { World } from './world.ts'

/** Larger ones are kept for the next run: filling ten million messages takes minutes. */
const keptFrom = 100_000

export interface Filled {
  /** A path. */
  database: string
  /** Of the convo of each pair. */
  convoIds: string[]
  /** Whether another run will want it. */
  isKept: boolean
}

/** A database of our schema as of now with a world in it, from an earlier run or made anew. */
export async function filledSqlite(folder: string, world: World): Promise<Filled> {
  const history = historyOf(world)
  const ofPairs = history.convoIds.slice(world.firstOfPairs, world.firstOfPairs + world.accounts / 2)
  const convoIds = ofPairs.map(formatTid)
  const messages = world.convos.reduce((sum, convo) => sum + convo.messages, 0)
  const isKept = messages >= keptFrom
  const name = `${world.name.replaceAll(' ', '-')}-${world.accounts}-${schemaHash()}.sqlite`
  const database = join(folder, name)
  if (isKept && existsSync(database)) return { database, convoIds, isKept }
  const unfinished = `${database}.unfinished`
  await removeDatabase(unfinished)
  const db = openDatabase(unfinished)
  // Until it is finished, nobody misses it.
  db.exec('pragma synchronous = off; pragma cache_size = -1000000; pragma wal_autocheckpoint = 50000')
  const engine = new SqliteEngine(db)
  await fill(engine, history.batches)
  await engine.close()
  await removeDatabase(database)
  await rename(unfinished, database)
  return { database, convoIds, isKept }
}

/** Writes through the engine's own door, so that it is the engine that knows its tables. */
export async function fill(engine: Engine, batches: ReturnType<typeof historyOf>['batches']): Promise<void> {
  for (const changes of batches) await engine.commit(mergeScopes([]), () => changes)
}

export async function removeDatabase(path: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm']) await rm(`${path}${suffix}`, { force: true })
}

/** What was filled under another schema is of no use. */
function schemaHash(): string {
  const db = openDatabase(':memory:')
  const rows = db.prepare('select sql from sqlite_master order by name').all()
  db.close()
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex').slice(0, 12)
}
