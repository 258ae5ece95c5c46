import type { Changes, Engine } from '../src/store/engine.ts'
import { EngineStore } from '../src/store/engine-store.ts'
import { MemoryEngine } from '../src/store/memory/memory-engine.ts'
import { RowCache } from '../src/store/row-cache.ts'
import type { SqlValue } from '../src/store/sql/sql.ts'
import { openDatabase } from '../src/store/sqlite/open-database.ts'
import { SqliteEngine } from '../src/store/sqlite/sqlite-engine.ts'
import { SqliteSql } from '../src/store/sqlite/sqlite-sql.ts'
import { Statements } from '../src/store/sqlite/statements.ts'
import { emptying } from './reused.ts'
import type { OpenStore } from './stores.ts'

/** An empty store on which nothing is written unseen. */
export interface Watched {
  /** Once. */
  open: OpenStore
  /** Rows written so far, those of transactions that were undone included. */
  written(): Promise<number>
}

/** One that can be looked into, past all that the service makes of what is stored. */
export interface Inspected extends Watched {
  engine: 'SQLite' | 'PostgreSQL'
  /** Asks in the SQL that both engines know, with `$1`, `$2`, … for values. */
  select<Row>(text: string, ...values: SqlValue[]): Promise<Row[]>
}

export async function watchedMemory(): Promise<Watched> {
  const engine = new MemoryEngine()
  let rows = 0
  const commit = engine.commit.bind(engine)
  engine.commit = (scope, run) =>
    commit(scope, loaded => {
      const changes: Changes = run(loaded)
      for (const list of Object.values(changes)) rows += (list as unknown[]).length
      return changes
    })
  return { open: clock => new EngineStore(engine, clock), written: async () => rows }
}

export async function inspectedSqlite(): Promise<Inspected> {
  return openSqlite().inspected
}

/** What can be emptied, to be used again. */
export interface Inside {
  engine: Engine
  inspected: Inspected
  empty(): Promise<void>
  close(): Promise<void>
}

export function openSqlite(): Inside {
  const db = openDatabase(':memory:')
  const engine = new SqliteEngine(db)
  const sql = new SqliteSql(new Statements(db))
  const inspected: Inspected = {
    engine: 'SQLite',
    open: clock => new EngineStore(engine, clock, { rows: new RowCache(engine) }),
    async written() {
      const [row] = await sql.all<{ rows: number }>('select total_changes() as rows', [])
      return row!.rows
    },
    select: (text, ...values) => sql.all(text, values),
  }
  const close = engine.close.bind(engine)
  return { engine, inspected, empty: async () => db.exec(emptying), close }
}
