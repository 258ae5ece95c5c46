import type { Clock } from '../../clock.ts'
import { EngineStore } from '../engine-store.ts'
import { RowCache } from '../row-cache.ts'
import type { Store } from '../store.ts'
import { openDatabase } from './open-database.ts'
import { SqliteEngine } from './sqlite-engine.ts'

/** The default store: one file. `path` may be `:memory:`. */
export function openSqliteStore(options: { path: string; clock: Clock }): Store {
  const engine = new SqliteEngine(openDatabase(options.path))
  return new EngineStore(engine, options.clock, { rows: new RowCache(engine) })
}
