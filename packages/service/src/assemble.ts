import type { Did } from '@atcute/lexicons/syntax'
import { createReplayGuard, noReplayGuard } from './auth/replay.ts'
import { createSignatureVerifier } from './auth/signature.ts'
import { createServiceJwtVerifier } from './auth/verify-service-jwt.ts'
import type { Clock } from './clock.ts'
import type { Records } from './embeds/records.ts'
import { endpoints, subscriptions } from './endpoints/index.ts'
import { randomJoinCode } from './groups/random-join-code.ts'
import { defaultSubscriptionLimits } from './limits.ts'
import type { Logger } from './logger.ts'
import { reportRateLimit } from './moderation/mod-events.ts'
import type { Identity } from './people/identity.ts'
import type { People } from './people/people.ts'
import type { Store } from './store/store.ts'
import type { Edge } from './xrpc/edge.ts'
import type { RateLimiter } from './xrpc/rate-limit.ts'

/** What a service is made of, wherever it runs. */
export interface Parts {
  /** Names that tokens may be addressed to, the service's own among them. */
  audiences: readonly Did[]
  store: Store
  people: People
  records: Records
  identity: Identity
  rateLimiter: RateLimiter
  moderators: readonly Did[]
  groupCreatorAgeMs: number
  replayProtection: boolean
  checkOutput: boolean
  clock: Clock
  logger: Logger
}

/** Every method of the service, and what they reach. */
export function assemble(parts: Parts): Edge {
  const { audiences, store, people, records, identity, rateLimiter, clock } = parts
  return {
    endpoints,
    subscriptions,
    context: {
      store,
      people,
      records,
      clock,
      groupCreatorAgeMs: parts.groupCreatorAgeMs,
      newJoinCode: randomJoinCode,
      admitCall: rateLimiter.admitCall,
      admitNewConvos: rateLimiter.admitNewConvos,
      reportRateLimit: (did, nsid) => store.transact({}, tx => reportRateLimit(tx, did, nsid)),
    },
    tokens: createServiceJwtVerifier({
      identity,
      signatures: createSignatureVerifier(),
      replay: parts.replayProtection ? createReplayGuard() : noReplayGuard,
      clock,
      audiences,
    }),
    moderators: parts.moderators,
    rateLimiter,
    subscriptionLimits: defaultSubscriptionLimits,
    checkOutput: parts.checkOutput,
    clock,
    logger: parts.logger,
  }
}
