import { AppError } from '../../errors.ts'

/** What can be done about an error of the driver or the server. */
export type Failure =
  /** Somebody else came between: the same again will do. */
  | 'conflict'
  /** The connection is gone, and what it was about to do with it. */
  | 'lost'
  /** The database cannot, for now. */
  | 'unable'
  /** A rule of the database was broken, or something else that is a bug of ours. */
  | 'bug'

/** Of the server's codes (SQLSTATE), by the first two characters or all five. */
const lostCodes = /^(08|57P0[1-5])/
const conflictCodes = /^(40001|40P01)/
const unableCodes = /^(25006|25P0[34]|28|3D|53|54|55|57|58|F0|XX)/

/** Two processes that begin convos in one moment may give them one id. */
const sharedKey = 'convo_pkey'

export function failureOf(error: unknown): Failure {
  if (!isObject(error) || typeof error.code !== 'string') return 'bug'
  const { code } = error
  // Codes of the driver and of sockets are words; those of the server have five characters and a severity.
  if (error.severity === undefined) return /^[A-Z_]+$/.test(code) ? 'lost' : 'bug'
  if (lostCodes.test(code)) return 'lost'
  if (conflictCodes.test(code) || (code === '23505' && error.constraint_name === sharedKey)) return 'conflict'
  return unableCodes.test(code) ? 'unable' : 'bug'
}

/** Trouble of the database under the name that callers know; a bug stays one, without the values it was about. */
export function unavailable(error: unknown, text: string): Error {
  return failureOf(error) === 'bug'
    ? bugOf(error)
    : new AppError('ServiceUnavailable', text, { cause: causeOf(error) })
}

function bugOf(error: unknown): Error {
  if (!isObject(error) || error.severity === undefined) return error as Error
  return causeOf(error)
}

/** What may be logged: errors of the driver carry statements and rows, and so the texts of messages. */
function causeOf(error: unknown): Error {
  if (!isObject(error)) return new Error(String(error))
  const where = error.constraint_name === undefined ? '' : ` (${String(error.constraint_name)})`
  // With values in it where a value was of the wrong form, so only the code then.
  const text = String(error.code).startsWith('22') ? 'a value that it does not take' : String(error.message)
  return new Error(`PostgreSQL: ${String(error.code)}${where}: ${text}`)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
