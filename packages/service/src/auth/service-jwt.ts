import { isUtf8 } from 'node:buffer'
import { AppError } from '../errors.ts'
import { jwtBytesMax } from '../limits.ts'

export interface Header {
  typ?: unknown
  alg?: unknown
  crit?: unknown
}

export interface Claims {
  iss: string
  aud: string
  /** Seconds since the epoch, as are `nbf` and `iat`. */
  exp: number
  nbf?: number
  iat?: number
  lxm?: string
  jti?: string
}

export interface ServiceJwt {
  header: Header
  claims: Claims
  /** Header and claims as they were signed. */
  signed: string
  signature: Uint8Array
}

/** The token of these `Authorization` headers, of which nothing is proved yet. Refuses with AuthMissing or BadJwt. */
export function readServiceJwt(authorization: readonly string[]): ServiceJwt {
  return parseServiceJwt(bearerToken(authorization))
}

function bearerToken(authorization: readonly string[]): string {
  const [header] = authorization
  if (header === undefined) throw new AppError('AuthMissing', 'Authentication Required')
  // Two tokens are two answers to the question who is calling; whoever is in front of us may have read the other one.
  if (authorization.length > 1) throw new AppError('BadJwt', 'more than one Authorization header')
  const token = /^Bearer +(\S+)$/i.exec(header)?.[1]
  if (token === undefined)
    throw new AppError('AuthMissing', 'Authentication Required: send "Authorization: Bearer <service token>"')
  return token
}

function parseServiceJwt(token: string): ServiceJwt {
  if (token.length > jwtBytesMax) throw malformed()
  const [header, claims, signature, ...rest] = token.split('.')
  if (!isBase64Url(header) || !isBase64Url(claims) || !isBase64Url(signature) || rest.length > 0)
    throw malformed()
  return {
    header: parseObject(header),
    claims: checkClaimTypes(parseObject(claims)),
    signed: `${header}.${claims}`,
    signature: Buffer.from(signature, 'base64url'),
  }
}

function malformed(): AppError {
  return new AppError('BadJwt', 'poorly formatted jwt')
}

/** Buffer skips over characters it does not know, so they are refused beforehand. */
function isBase64Url(part: string | undefined): part is string {
  return part !== undefined && /^[A-Za-z0-9_-]+$/.test(part)
}

function parseObject(part: string): Record<string, unknown> {
  const bytes = Buffer.from(part, 'base64url')
  if (!isUtf8(bytes)) throw malformed()
  try {
    const value: unknown = JSON.parse(bytes.toString())
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>
  } catch {
    // Without its cause: the parser's message quotes the token.
  }
  throw malformed()
}

function checkClaimTypes(claims: Record<string, unknown>): Claims {
  const { iss, aud, exp, nbf, iat, lxm, jti } = claims
  if (typeof iss !== 'string' || typeof aud !== 'string' || !isTime(exp)) throw malformed()
  if (!isAbsentOr(isTime, nbf) || !isAbsentOr(isTime, iat)) throw malformed()
  if (!isAbsentOr(isString, lxm) || !isAbsentOr(isString, jti)) throw malformed()
  return claims as unknown as Claims
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

export function isString(value: unknown): value is string {
  return typeof value === 'string'
}

function isAbsentOr(test: (value: unknown) => boolean, value: unknown): boolean {
  return value === undefined || test(value)
}
