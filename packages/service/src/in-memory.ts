/** The service without a network: the same code on the memory store, for networks that exist in one process. */

import type { AppBskyEmbedRecord } from '@atcute/bluesky'
import type { Did, ResourceUri } from '@atcute/lexicons/syntax'
import { assemble } from './assemble.ts'
import type { Clock } from './clock.ts'
import type { Records } from './embeds/records.ts'
import { createLogger } from './logger.ts'
import type { Identity, SigningKey } from './people/identity.ts'
import { MemoryPeople } from './people/memory-people.ts'
import { memoryStore } from './store/memory/memory-store.ts'
import { createPipeline, type Pipeline } from './xrpc/pipeline.ts'
import { noRateLimits } from './xrpc/rate-limit.ts'
import { countRequests } from './xrpc/request-ids.ts'
import { createSubscriptions, type OpenSubscription } from './xrpc/subscriptions.ts'
import { createWebSockets, type WebSockets } from './xrpc/websockets.ts'
import { type Page, wellKnownPages } from './xrpc/well-known.ts'

export { type AccountKey, makeAccountKey } from './auth/account-key.ts'
export type { MemoryFacts } from './people/memory-people.ts'
export type { Answer, Arrival } from './xrpc/pipeline.ts'

export interface InMemoryOptions {
  did: Did
  clock: Clock
}

/** A service whose accounts are those that it is told of. */
export interface InMemoryService {
  did: Did
  people: MemoryPeople
  /** Tokens of this account are verified with this key from now on. */
  publishKey(did: Did, key: SigningKey): void
  /** What needs no token and is always the same. */
  pages: readonly Page[]
  /** As a request for /xrpc/<nsid>; answers are held against their lexicon. */
  answer: Pipeline
  subscribe: OpenSubscription
  /** The same for requests to become a WebSocket. */
  upgrade: WebSockets['upgrade']
  close(): Promise<void>
}

export function createInMemoryService({ did, clock }: InMemoryOptions): InMemoryService {
  const people = new MemoryPeople()
  const keys = new Map<Did, SigningKey>()
  const identity: Identity = {
    signingKey: async (did, { key = 'atproto' } = {}) => (key === 'atproto' ? keys.get(did) : undefined),
    pds: async () => undefined,
  }
  const store = memoryStore(clock)
  const edge = assemble({
    audiences: [did],
    store,
    people,
    records: noRecords,
    identity,
    rateLimiter: noRateLimits,
    moderators: [],
    groupCreatorAgeMs: 0,
    replayProtection: false,
    checkOutput: true,
    clock,
    logger: createLogger('silent'),
  })
  const { logger, subscriptionLimits: limits } = edge
  const open = createSubscriptions(edge)
  const webSockets = createWebSockets({ open, limits, nextRequestId: countRequests(), logger })
  return {
    did,
    people,
    pages: wellKnownPages({
      did,
      publicUrl: `https://${did.slice('did:web:'.length)}`,
      version: 'in memory',
    }),
    publishKey: (did, key) => keys.set(did, key),
    answer: createPipeline(edge),
    subscribe: open,
    upgrade: webSockets.upgrade,
    close: () => store.close(),
  }
}

/** No post is ever found: there is nobody who could have written one. */
const noRecords: Records = {
  views: async uris =>
    new Map(
      uris.map((uri): [ResourceUri, AppBskyEmbedRecord.View['record']] => [
        uri,
        { $type: 'app.bsky.embed.record#viewNotFound', uri, notFound: true },
      ]),
    ),
}
