import type { Did } from '@atcute/lexicons/syntax'
import { pino } from 'pino'
import { createReplayGuard, noReplayGuard } from '../auth/replay.ts'
import { createSignatureVerifier } from '../auth/signature.ts'
import {
  createTestKey,
  mintServiceJwt,
  TestIdentity,
  type TestKey,
  type TestToken,
  testDid,
} from '../auth/test-tokens.ts'
import { createServiceJwtVerifier } from '../auth/verify-service-jwt.ts'
import type { Context } from '../context.ts'
import { defaultSubscriptionLimits, type RateLimits, type SubscriptionLimits } from '../limits.ts'
import { describeError, type Logger } from '../logger.ts'
import { createHttpServer, type HttpServer } from './adapter.ts'
import type { Edge } from './edge.ts'
import type { Endpoint } from './endpoint.ts'
import { createPipeline, type Pipeline } from './pipeline.ts'
import { createRateLimiter, noRateLimits } from './rate-limit.ts'
import { countRequests } from './request-ids.ts'
import type { Subscription } from './subscription.ts'
import { createSubscriptions, type OpenSubscription } from './subscriptions.ts'
import { createWebSockets } from './websockets.ts'
import { type Page, wellKnownPages } from './well-known.ts'

const serviceDid: Did = 'did:web:chat.example.org'

/** For tests: the whole edge on a port of its own, with endpoints of the test's making and one account. */
export interface TestEdge {
  url: string
  port: number
  did: Did
  identity: TestIdentity
  /** The lines logged so far. */
  log: string[]
  /** The clock, in milliseconds: stands still unless moved. */
  time: { nowMs: number }
  token(nsid: string, change?: Partial<TestToken>): Promise<string>
  /** A call with a good token, unless `init` brings headers. */
  call(nsid: string, options?: { query?: string; init?: RequestInit }): Promise<Response>
  /** A procedure call with a good token and this text as its JSON. */
  post(nsid: string, body: string): Promise<Response>
  close: HttpServer['close']
}

export interface TestEdgeOptions {
  endpoints?: readonly Endpoint[]
  subscriptions?: readonly Subscription[]
  /** Over the service's own. */
  subscriptionLimits?: Partial<SubscriptionLimits>
  moderators?: readonly Did[]
  rateLimits?: RateLimits
  reportRateLimit?: Context['reportRateLimit']
  /** What the service's own endpoints reach; those that tests make reach nothing. */
  context?: Context
  replayProtection?: boolean
  /** Default: HTTP is spoken here, without workers. */
  createServer?: (parts: ServerParts) => HttpServer
}

/** What stands behind the HTTP server. */
export interface ServerParts {
  pipeline: Pipeline
  open: OpenSubscription
  limits: SubscriptionLimits
  identity: TestIdentity
  pages: readonly Page[]
  logger: Logger
}

function serverHere({ pipeline, open, limits, pages, logger }: ServerParts): HttpServer {
  const nextRequestId = countRequests()
  const webSockets = createWebSockets({ open, limits, nextRequestId, logger })
  return createHttpServer({ pipeline, webSockets, pages, nextRequestId, logger })
}

export async function startTestEdge(options: TestEdgeOptions): Promise<TestEdge> {
  const time = { nowMs: 1_700_000_000_000 }
  const clock = { now: () => time.nowMs }
  const did = testDid('alice')
  const key: TestKey = await createTestKey()
  const identity = new TestIdentity()
  identity.publish(did, key)
  const log: string[] = []
  const logger = pino({ serializers: { err: describeError } }, { write: line => void log.push(line) })
  const edge: Edge = {
    endpoints: options.endpoints ?? [],
    subscriptions: options.subscriptions ?? [],
    context: options.context ?? ({ reportRateLimit: options.reportRateLimit } as Context),
    tokens: createServiceJwtVerifier({
      identity,
      signatures: createSignatureVerifier(),
      replay: options.replayProtection ? createReplayGuard() : noReplayGuard,
      clock,
      audiences: [serviceDid],
    }),
    rateLimiter: options.rateLimits ? createRateLimiter({ limits: options.rateLimits, clock }) : noRateLimits,
    moderators: options.moderators ?? [],
    subscriptionLimits: { ...defaultSubscriptionLimits, ...options.subscriptionLimits },
    checkOutput: true,
    clock,
    logger,
  }
  const pages = wellKnownPages({ did: serviceDid, publicUrl: 'https://chat.example.org', version: '1.2.3' })
  const { createServer = serverHere } = options
  const server = createServer({
    pipeline: createPipeline(edge),
    open: createSubscriptions(edge),
    limits: edge.subscriptionLimits,
    identity,
    pages,
    logger,
  })
  const port = await server.listen({ host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${port}`

  function token(nsid: string, change: Partial<TestToken> = {}): Promise<string> {
    return mintServiceJwt({ iss: did, aud: serviceDid, lxm: nsid, key, now: time.nowMs / 1000, ...change })
  }

  async function call(nsid: string, { query = '', init = {} }: { query?: string; init?: RequestInit } = {}) {
    const headers = { authorization: `Bearer ${await token(nsid)}`, ...init.headers }
    return fetch(`${url}/xrpc/${nsid}${query}`, { ...init, headers })
  }

  return {
    url,
    port,
    did,
    identity,
    log,
    time,
    token,
    call,
    post: (nsid, body) =>
      call(nsid, { init: { method: 'POST', headers: { 'content-type': 'application/json' }, body } }),
    close: () => server.close(),
  }
}
