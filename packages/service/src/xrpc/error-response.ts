import { AppError, type ErrorName, type ProtocolErrorName } from '../errors.ts'
import type { Answer } from './pipeline.ts'
import { RateLimitExceeded } from './rate-limit.ts'

/** A refusal as HTTP shows it. `body` has exactly these two fields: a PDS passes on no others. */
export interface ErrorResponse {
  status: number
  headers: Record<string, string>
  body: { error: string; message: string }
}

/** The names that no lexicon declares. What a lexicon declares is 400, "not found" and "not yours" included. */
const protocolStatuses: Record<ProtocolErrorName, number> = {
  AuthMissing: 401,
  BadJwt: 401,
  BadJwtAudience: 401,
  BadJwtIss: 401,
  BadJwtLexiconMethod: 401,
  BadJwtSignature: 401,
  BadJwtType: 401,
  Forbidden: 403,
  InvalidRequest: 400,
  JwtExpired: 401,
  JwtReplayed: 401,
  MethodNotImplemented: 501,
  PayloadTooLarge: 413,
  RateLimitExceeded: 429,
  ServiceUnavailable: 503,
  UpstreamFailure: 502,
}

/** What is no AppError is a bug: the caller learns nothing but that. */
export function errorResponse(error: unknown): ErrorResponse {
  if (!(error instanceof AppError)) return response(500, 'InternalServerError', 'Internal Server Error')
  const answer = response(statusOf(error.name), error.name, error.message)
  if (error instanceof RateLimitExceeded) answer.headers['retry-after'] = String(error.retryAfterSec)
  return answer
}

/** For paths outside /xrpc/; a method we do not have is `MethodNotImplemented`. */
export function notFoundResponse(): ErrorResponse {
  return response(404, 'NotFound', 'There is nothing here. Methods are at /xrpc/<nsid>.')
}

/** For what node:http could not read as a request; `code` is that of its error. */
export function unreadableRequestResponse(code: string | undefined): ErrorResponse {
  if (code === 'HPE_HEADER_OVERFLOW') return response(431, 'InvalidRequest', 'Request headers are too large')
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return response(408, 'InvalidRequest', 'The request took too long to arrive')
  return response(400, 'InvalidRequest', 'Malformed HTTP request')
}

/** For what HTTP itself forbids: no Host, or an expectation other than 100-continue. */
export function badHeadResponse(header: 'Host' | 'Expect'): ErrorResponse {
  if (header === 'Expect') return response(417, 'InvalidRequest', 'Only "Expect: 100-continue" is understood')
  return response(400, 'InvalidRequest', 'Missing Host header')
}

export const jsonHeaders = { 'content-type': 'application/json; charset=utf-8' }

/** A refusal in the form of every answer. */
export function refusalAnswer({ status, headers, body }: ErrorResponse): Answer {
  return { status, headers: { ...headers, ...jsonHeaders }, body: JSON.stringify(body) }
}

/** A refusal as text, for a connection that the HTTP library has let go of. It is the last on that connection. */
export function writtenOut({ status, headers, body }: ErrorResponse): string {
  const text = JSON.stringify(body)
  const head = Object.entries({
    ...jsonHeaders,
    'content-length': Buffer.byteLength(text),
    connection: 'close',
    ...headers,
  })
  const lines = [`HTTP/1.1 ${status} Refused`, ...head.map(([name, value]) => `${name}: ${value}`)]
  return `${lines.join('\r\n')}\r\n\r\n${text}`
}

function response(status: number, error: string, message: string): ErrorResponse {
  return { status, headers: {}, body: { error, message } }
}

function statusOf(name: ErrorName): number {
  return name in protocolStatuses ? protocolStatuses[name as ProtocolErrorName] : 400
}
