import type { Clock } from '../clock.ts'
import { isPostgresAddress } from './postgres/address.ts'
import { openPostgresStore } from './postgres/postgres-store.ts'
import { openSqliteStore } from './sqlite/sqlite-store.ts'
import type { Store } from './store.ts'
import type { WakeUps } from './wake-ups.ts'

export interface OpenStoreOptions {
  /** A path or `:memory:` for SQLite, `postgres://…` for PostgreSQL. */
  database: string
  clock: Clock
  /** Between processes on one PostgreSQL. Default: none. */
  wakeUps?: WakeUps
}

/** Opens the store on its engine, on a database of the newest version. Errors never repeat an address. */
export async function openStore({ database, clock, wakeUps }: OpenStoreOptions): Promise<Store> {
  if (isPostgresAddress(database)) {
    return openPostgresStore({ address: database, clock, ...(wakeUps && { wakeUps }) })
  }
  // No path looks so, and what was meant has a password in it.
  if (/^[a-z]+:\/\//i.test(database)) {
    throw new Error('The database is neither a path nor an address that begins with postgres://')
  }
  return openSqliteStore({ path: database, clock })
}
