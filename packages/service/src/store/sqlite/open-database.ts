import { DatabaseSync } from 'node:sqlite'
import { troubleOf } from './failures.ts'
import { migrate } from './schema.ts'
import { isLogDamaged } from './wal-damage.ts'

/** Of a new file. A send changes a few bytes in each of many pages: smaller ones are less to write. */
export const pageBytes = 2048

/** Of the log before it is carried over: a page that is changed again and again is written to its place less often. */
export const logBytes = 64 * 1024 * 1024

/**
 * Opens a database of the newest version. `path` is a file, made where it is missing, or `:memory:`. Throws, in words
 * for the operator, where it cannot be opened whole.
 */
export function openDatabase(path: string): DatabaseSync {
  requireWholeLog(path)
  return complaining(path, () => {
    const db = new DatabaseSync(path)
    // Another process may be writing for a moment; everybody waits here meanwhile, so not for long.
    db.exec('pragma busy_timeout = 1000')
    db.exec(`pragma page_size = ${pageBytes}`)
    db.exec('pragma journal_mode = wal')
    db.exec(`pragma wal_autocheckpoint = ${logBytes / pageBytesOf(db)}`)
    // A commit is on disk, not only with the system, before it is acknowledged.
    db.exec('pragma synchronous = full')
    // A page that is damaged is noticed when it is read, not when what it says makes no sense any more.
    db.exec('pragma cell_size_check = on')
    migrate(db)
    return db
  })
}

/** An older file has pages of its own size. */
function pageBytesOf(db: DatabaseSync): number {
  return (db.prepare('pragma page_size').get() as { page_size: number }).page_size
}

/** What SQLite says while opening, in words for the operator. */
export function complaining<Opened>(path: string, open: () => Opened): Opened {
  try {
    return open()
  } catch (cause) {
    const trouble = troubleOf(cause)
    if (trouble === undefined) throw cause
    throw new Error(`Cannot open the database ${path}: ${trouble}`, { cause })
  }
}

/** Before SQLite opens it: closing it again would throw away what is behind the damage. */
function requireWholeLog(path: string): void {
  if (isLogDamaged(`${path}-wal`))
    throw new Error(
      `${path}-wal is damaged: transactions in it that were acknowledged cannot be read any more. Put a backup in` +
        ' place of the database, or go on without them (docs/reliability.md)',
    )
}
