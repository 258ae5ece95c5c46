import { DatabaseSync } from 'node:sqlite'
import { migrate } from './schema.ts'

/** Opens a database of the newest version. `path` is a file, made where it is missing, or `:memory:`. */
export function openDatabase(path: string): DatabaseSync {
  const db = open(path)
  // Another process may be writing for a moment; everybody waits here meanwhile, so not for long.
  db.exec('pragma busy_timeout = 1000')
  requireDatabase(db, path)
  db.exec('pragma journal_mode = wal')
  // A commit is on disk, not only with the system, before it is acknowledged.
  db.exec('pragma synchronous = full')
  migrate(db)
  return db
}

function open(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path)
  } catch (cause) {
    throw new Error(`Cannot open the database ${path}: its folder must exist and be writable`, { cause })
  }
}

/** A file that is something else is only noticed when it is read. */
function requireDatabase(db: DatabaseSync, path: string): void {
  try {
    db.exec('pragma schema_version')
  } catch (cause) {
    throw new Error(`Cannot open the database ${path}: another program holds it, or it is no database`, {
      cause,
    })
  }
}
