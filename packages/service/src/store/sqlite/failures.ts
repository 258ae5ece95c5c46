import { AppError, OperatorError } from '../../errors.ts'

/** SQLITE_CONSTRAINT. */
const constraint = 19

/** SQLite's primary result code, the low byte of the extended ones; `undefined` where it is not SQLite that failed. */
export function resultCode(error: unknown): number | undefined {
  const isSqlites = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
  return isSqlites ? Number(error.errcode) & 0xff : undefined
}

/** By SQLite's primary result codes: what is the operator's to mend, and how. */
const troubles: ReadonlyMap<number, string> = new Map([
  [5, 'another program holds it; end that one'],
  [8, 'it is read-only; make its disk, its folder and its files writable and start again'],
  [10, 'the disk fails, or has become read-only; the log of the system (dmesg) says why'],
  [11, 'it is damaged; put a backup in its place (docs/reliability.md)'],
  [13, 'the disk is full; make room'],
  [14, 'its folder must exist and be writable'],
  [26, 'it is no database'],
])

/** `undefined` where it is not the operator's to mend. */
export function troubleOf(error: unknown): string | undefined {
  return troubles.get(resultCode(error) ?? -1)
}

/** Trouble of the database has a name; a broken constraint, and whatever else, is a bug of ours. */
export function nameFailure(error: unknown, message: string): unknown {
  const code = resultCode(error)
  if (code === undefined || code === constraint) return error
  const trouble = troubleOf(error)
  const cause =
    trouble === undefined
      ? error
      : new OperatorError(`The database: ${trouble} (SQLite: ${(error as Error).message})`)
  return new AppError('ServiceUnavailable', message, { cause })
}
