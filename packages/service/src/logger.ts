import { type Logger, pino } from 'pino'
import { OperatorError } from './errors.ts'

export type { Logger }

/** What may be known of a request afterwards. No body, token, query string or address belongs here. */
export interface RequestLine {
  requestId: string
  /** The NSID, `undefined` where the path held none. */
  method: string | undefined
  /** The account that called, `undefined` where the token did not prove one. */
  did: string | undefined
  status: number
  /** The error's name, where the request was refused. */
  error: string | undefined
  ms: number
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** Writes JSON lines to standard error; lines that come while one is written go out together. */
export function createLogger(level: LogLevel): Logger {
  return pino(
    { level, base: null, serializers: { err: describeError } },
    pino.destination({ dest: 2, sync: false }),
  )
}

export function logRequest(logger: Logger, line: RequestLine): void {
  logger.info(line, 'request')
}

/** The request that opened it has a line of its own; `ms` is for how long it was open. */
export function logSubscriptionEnd(logger: Logger, line: Omit<RequestLine, 'status'>): void {
  logger.info(line, 'subscription ended')
}

/** A failure that is ours to mend, with its causes. */
export function logFault(logger: Logger, requestId: string, err: unknown): void {
  logger.error({ requestId, err }, 'fault')
}

interface ErrorDescription {
  name: string
  code?: string
  message: string
  /** Left out where it is the operator's to mend. */
  stack?: string[]
  cause?: ErrorDescription
}

const causesMax = 4

/**
 * Only fields we know: other properties of an error may hold what was being worked on.
 * Exported for its test.
 */
export function describeError(error: unknown, depth = 1): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, message: 'not an Error', stack: [] }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return {
    name: error.name,
    ...(code === undefined ? {} : { code }),
    message: quotesItsInput(error, code) ? '(left out: it may quote a message)' : error.message,
    ...(isOperators(error) ? {} : { stack: stackFrames(error) }),
    ...(error.cause !== undefined && depth < causesMax
      ? { cause: describeError(error.cause, depth + 1) }
      : {}),
  }
}

/** JSON.parse and Node's argument checks put a piece of the offending value into the error's message. */
function quotesItsInput(error: Error, code: string | undefined): boolean {
  const isArgumentCheck = error instanceof TypeError || error instanceof RangeError
  return error instanceof SyntaxError || (isArgumentCheck && code?.startsWith('ERR_') === true)
}

function isOperators(error: Error): boolean {
  return error instanceof OperatorError || error.cause instanceof OperatorError
}

/** Without the first lines of a stack, which repeat the message. */
function stackFrames(error: Error): string[] {
  const lines = (error.stack ?? '').split('\n').map(line => line.trim())
  return lines.filter(line => /^at .+:\d+:\d+\)?$/.test(line))
}
