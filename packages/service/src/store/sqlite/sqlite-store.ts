import { existsSync, realpathSync } from 'node:fs'
import type { Clock } from '../../clock.ts'
import { EngineStore } from '../engine-store.ts'
import { RowCache } from '../row-cache.ts'
import type { Store } from '../store.ts'
import { complaining, openDatabase } from './open-database.ts'
import { ownFile } from './own-file.ts'
import { requireWritable } from './require-writable.ts'
import { SqliteEngine } from './sqlite-engine.ts'

/** The default store: one file, of which this process is the only one to write it. `path` may be `:memory:`. */
export function openSqliteStore({ path: named, clock }: { path: string; clock: Clock }): Store {
  // Whatever link leads to it: SQLite keeps the log beside the file itself, and so do we the lock.
  const path = existsSync(named) ? realpathSync(named) : named
  requireWritable(path)
  using opened = new DisposableStack()
  const file = opened.use(complaining(path, () => ownFile(path)))
  const engine = new SqliteEngine(openDatabase(path), file)
  opened.move()
  return new EngineStore(engine, clock, { rows: new RowCache(engine) })
}
