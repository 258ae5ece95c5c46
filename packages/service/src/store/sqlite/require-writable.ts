import { accessSync, constants } from 'node:fs'
import { dirname } from 'node:path'

const { R_OK, W_OK, X_OK } = constants

/**
 * Throws, in words for the operator, where this process may not write the database's folder, or any of its files that
 * are there. SQLite opens those for reading then, and takes a lock on them for none: two services would start, and each
 * be sure of being alone.
 */
export function requireWritable(path: string): void {
  if (path === ':memory:') return
  require(path, dirname(path), W_OK | X_OK)
  for (const file of [path, `${path}-wal`, `${path}-shm`, `${path}-lock`]) require(path, file, R_OK | W_OK)
}

function require(database: string, file: string, mode: number): void {
  try {
    accessSync(file, mode)
  } catch (cause) {
    const why = reason(file, (cause as NodeJS.ErrnoException).code)
    if (why !== undefined) throw new Error(`Cannot open the database ${database}: ${why}`, { cause })
  }
}

/** `undefined` where it is not there yet, or SQLite is the one to say what is wrong. */
function reason(file: string, code: string | undefined): string | undefined {
  if (code === 'EROFS') return 'its disk is read-only; find out why, make it writable and start again'
  if (code !== 'EACCES' && code !== 'EPERM') return undefined
  return `the user of this process may not write ${file}; give it to them (chown, chmod) and start again`
}
