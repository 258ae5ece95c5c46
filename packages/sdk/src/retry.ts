import type { Clock } from './clock.ts'
import type { ChatError } from './errors.ts'

/** How often and how patiently a call is repeated. Calls that change something are repeated only after a 429. */
export interface RetryPolicy {
  /** Tries in all, the first included. Default 3. */
  attemptsMax?: number
  /** The first pause; it doubles each time, with jitter. Default 300. */
  baseDelayMs?: number
  /** A server that asks for a longer wait gets none: the call fails with `retryAfterMs`. Default 30 000. */
  delayMsMax?: number
}

export interface Attempted {
  policy: RetryPolicy | false
  /** How many tries have been made. */
  attempt: number
  error: ChatError
  /** Whether the call may be repeated when it is unknown what became of it. */
  repeatable: boolean
}

/** How long to wait before the next try, or undefined for no next try. */
export function retryDelayMs(
  { policy, attempt, error, repeatable }: Attempted,
  clock: Clock,
): number | undefined {
  if (policy === false) return undefined
  const { attemptsMax = 3, baseDelayMs = 300, delayMsMax = 30_000 } = policy
  if (attempt >= attemptsMax) return undefined
  const unavailable =
    error.code === 'network' || (error.status !== undefined && [502, 503, 504].includes(error.status))
  if (error.code !== 'rate-limited' && !(repeatable && unavailable)) return undefined
  if (error.retryAfterMs === undefined) {
    const pauseMs = Math.min(baseDelayMs * 2 ** (attempt - 1), delayMsMax)
    return pauseMs * (0.5 + clock.random() / 2)
  }
  if (error.retryAfterMs > delayMsMax) return undefined
  return error.retryAfterMs + clock.random() * baseDelayMs // never early, and not all at once
}

/**
 * How long a server asked to wait, in the order of trust: the message of a 429, because a PDS forwards no
 * header but that (design.md 4, promise 8); `Retry-After`; and `RateLimit-Reset` only where the same answer says that
 * nothing remains, because a PDS puts its own on everything it proxies.
 */
export function askedWaitMs(
  message: string | undefined,
  headers: Headers,
  nowMs: number,
): number | undefined {
  const said = /retry after (\d{1,9}) seconds?/i.exec(message ?? '')
  if (said) return Number(said[1]) * 1000
  const header = headers.get('retry-after')
  if (header !== null) {
    if (/^\d{1,9}$/.test(header)) return Number(header) * 1000
    const untilMs = Date.parse(header)
    if (!Number.isNaN(untilMs)) return Math.max(0, untilMs - nowMs)
  }
  const reset = headers.get('ratelimit-reset')
  if (headers.get('ratelimit-remaining') === '0' && reset !== null && /^\d{1,12}$/.test(reset)) {
    return Math.max(0, Number(reset) * 1000 - nowMs)
  }
  return undefined
}
