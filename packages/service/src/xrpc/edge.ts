import type { Did } from '@atcute/lexicons/syntax'
import type { ServiceJwtVerifier } from '../auth/verify-service-jwt.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { SubscriptionLimits } from '../limits.ts'
import type { Logger } from '../logger.ts'
import type { Endpoint } from './endpoint.ts'
import type { RateLimiter } from './rate-limit.ts'
import type { Subscription } from './subscription.ts'

/** What the stages need. */
export interface Edge {
  endpoints: readonly Endpoint[]
  subscriptions: readonly Subscription[]
  context: Context
  tokens: ServiceJwtVerifier
  moderators: readonly Did[]
  rateLimiter: RateLimiter
  subscriptionLimits: SubscriptionLimits
  /** Whether answers are held against their lexicon: in tests and on a devnet, where a bug is better loud. */
  checkOutput: boolean
  clock: Clock
  logger: Logger
}

/** What is known of a request so far, for the log. */
export interface Trace {
  requestId: string
  nsid: string
  /** The account, once its token has proved it. */
  did?: Did
}
