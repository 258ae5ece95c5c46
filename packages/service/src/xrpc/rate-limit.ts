import type { Did } from '@atcute/lexicons/syntax'
import { boundedCache } from '../bounded-cache.ts'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import { type Rate, type RateLimits, rateLimitedAccountsMax } from '../limits.ts'

/** The PDS drops the Retry-After header of an error, so the message says the seconds too, in a form SDKs can read. */
export class RateLimitExceeded extends AppError {
  readonly retryAfterSec: number

  constructor(retryAfterSec: number) {
    super('RateLimitExceeded', `Rate Limit Exceeded, retry after ${retryAfterSec} seconds`)
    this.retryAfterSec = retryAfterSec
  }
}

/** By account: a PDS in front of us shows no other trait of the caller. All refuse with RateLimitExceeded. */
export interface RateLimiter {
  admitCall(did: Did): void
  /**
   * One rate for all: behind a proxy they share one address, and what else a request says of its origin is the
   * sender's to write. A flood keeps out only others without a token.
   */
  admitAnonymousCall(): void
  /** Takes nothing when it refuses. */
  admitSends(did: Did, messages: number): void
  admitChange(did: Did): void
  /** Takes nothing when it refuses. */
  admitNewConvos(did: Did, convos: number): void
}

export const noRateLimits: RateLimiter = {
  admitCall() {},
  admitAnonymousCall() {},
  admitSends() {},
  admitChange() {},
  admitNewConvos() {},
}

/** How many messages a valid call of `nsid` sends. */
export function messagesSent(nsid: string, input: unknown): number {
  if (nsid === 'chat.bsky.convo.sendMessage') return 1
  if (nsid === 'chat.bsky.convo.sendMessageBatch') return (input as { items: unknown[] }).items.length
  return 0
}

interface Bucket {
  rate: Rate
  /** What may be spent now. Below zero after a batch that was larger than the bucket. */
  tokens: number
  filledAtMs: number
}

interface Account {
  calls: Bucket
  sends: Bucket[]
  changes: Bucket[]
  newConvos: Bucket
}

/** Token buckets in memory. With several processes each counts for itself. */
export function createRateLimiter({ limits, clock }: { limits: RateLimits; clock: Clock }): RateLimiter {
  const accounts = boundedCache<Did, Account>(rateLimitedAccountsMax)
  const anonymousCalls = full(limits.anonymousCalls)

  function full(rate: Rate): Bucket {
    return { rate, tokens: rate.count, filledAtMs: clock.now() }
  }

  function account(did: Did): Account {
    let found = accounts.get(did)
    if (found === undefined) {
      found = {
        calls: full(limits.calls),
        sends: limits.sends.map(full),
        changes: limits.changes.map(full),
        newConvos: full(limits.newConvos),
      }
      accounts.set(did, found)
    }
    return found
  }

  return {
    admitCall: did => spend([account(did).calls], 1, clock.now()),
    admitAnonymousCall: () => spend([anonymousCalls], 1, clock.now()),
    admitSends(did, messages) {
      if (messages > 0) spend(account(did).sends, messages, clock.now())
    },
    admitChange: did => spend(account(did).changes, 1, clock.now()),
    admitNewConvos: (did, convos) => spend([account(did).newConvos], convos, clock.now()),
  }
}

function spend(buckets: readonly Bucket[], cost: number, nowMs: number): void {
  const waitSec = Math.max(...buckets.map(bucket => secondsUntilAffordable(bucket, cost, nowMs)))
  if (waitSec > 0) throw new RateLimitExceeded(Math.ceil(waitSec))
  for (const bucket of buckets) bucket.tokens -= cost
}

/** What is larger than the bucket, a batch or a group, needs a full one and leaves a debt: else it could never be sent. */
function secondsUntilAffordable(bucket: Bucket, cost: number, nowMs: number): number {
  const { count, periodSec } = bucket.rate
  const perSec = count / periodSec
  const elapsedSec = Math.max(0, nowMs - bucket.filledAtMs) / 1000
  bucket.tokens = Math.min(count, bucket.tokens + elapsedSec * perSec)
  bucket.filledAtMs = nowMs
  return (Math.min(cost, count) - bucket.tokens) / perSec
}
