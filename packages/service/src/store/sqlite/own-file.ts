import { DatabaseSync } from 'node:sqlite'
import { resultCode } from './failures.ts'

/** SQLITE_BUSY. */
const busy = 5

/**
 * Takes a database for this process, until it is disposed of or the process is gone: rows are remembered
 * (store/row-cache.ts), which is right only where nobody else writes them. Reading beside it, as backups do, goes on.
 * Throws where another process has it.
 */
export function ownFile(path: string): Disposable {
  if (path === ':memory:') return { [Symbol.dispose]() {} }
  // Of a file beside the database, whose lock the system lifts whatever becomes of us. Nothing is ever in it.
  const lock = new DatabaseSync(`${path}-lock`)
  try {
    lock.exec('begin exclusive')
  } catch (cause) {
    lock.close()
    if (resultCode(cause) !== busy) throw cause
    const why = 'another service has it open; several take a PostgreSQL (docs/postgresql.md)'
    throw new Error(`Cannot open the database ${path}: ${why}`, { cause })
  }
  return lock
}
