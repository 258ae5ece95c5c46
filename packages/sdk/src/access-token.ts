/** What a session may do, as far as its token tells. */
export type AccessScope = 'full' | 'app-password' | 'app-password+dm' | 'unknown'

/**
 * What can be read from an access token. Tokens are opaque to clients by contract, so this is a hint: it may save a
 * round trip or explain a refusal, and nothing depends on it.
 */
export interface TokenHint {
  scope: AccessScope
  /** Both in seconds since the Unix epoch, by the server's clock. */
  issuedAt?: number | undefined
  expiresAt?: number | undefined
}

const SCOPES: Readonly<Record<string, AccessScope>> = {
  'com.atproto.access': 'full',
  'com.atproto.appPass': 'app-password',
  'com.atproto.appPassPrivileged': 'app-password+dm',
}

export function readToken(jwt: string): TokenHint {
  try {
    const payload = JSON.parse(atob((jwt.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')))
    const { scope, iat, exp } = payload as Record<string, unknown>
    return {
      scope: (typeof scope === 'string' && SCOPES[scope]) || 'unknown',
      issuedAt: typeof iat === 'number' ? iat : undefined,
      expiresAt: typeof exp === 'number' ? exp : undefined,
    }
  } catch {
    return { scope: 'unknown' }
  }
}

/** Renew a token when this is left of it, or a tenth of a short one, so that it does not run out on its way. */
const RENEW_BEFORE_MS = 60_000

/**
 * When to renew a token by our own clock, or undefined if it does not say. The lifetime of a token just received counts
 * from its receipt: a clock that runs ahead must not make every new token look expired.
 */
export function renewAtMs(jwt: string, receivedAtMs: number | undefined): number | undefined {
  const { issuedAt, expiresAt } = readToken(jwt)
  if (expiresAt === undefined) return undefined
  if (issuedAt === undefined) return expiresAt * 1000 - RENEW_BEFORE_MS
  const lifetimeMs = (expiresAt - issuedAt) * 1000
  const startMs = receivedAtMs ?? issuedAt * 1000
  return startMs + lifetimeMs - Math.min(RENEW_BEFORE_MS, lifetimeMs / 10)
}
