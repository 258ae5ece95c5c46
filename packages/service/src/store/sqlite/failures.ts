import { AppError } from '../../errors.ts'

/** SQLITE_CONSTRAINT. */
const constraint = 19

/** SQLite's primary result code, the low byte of the extended ones; `undefined` where it is not SQLite that failed. */
export function resultCode(error: unknown): number | undefined {
  const isSqlites = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
  return isSqlites ? Number(error.errcode) & 0xff : undefined
}

/** Trouble of the database has a name; a broken constraint, and whatever else, is a bug of ours. */
export function nameFailure(error: unknown, message: string): unknown {
  const code = resultCode(error)
  if (code === undefined || code === constraint) return error
  return new AppError('ServiceUnavailable', message, { cause: error })
}
