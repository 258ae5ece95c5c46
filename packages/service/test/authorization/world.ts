import assert from 'node:assert/strict'
import type { Did } from '@atcute/lexicons/syntax'
import { pino } from 'pino'
import { noReplayGuard } from '../../src/auth/replay.ts'
import { createSignatureVerifier } from '../../src/auth/signature.ts'
import { TestIdentity } from '../../src/auth/test-tokens.ts'
import { createServiceJwtVerifier } from '../../src/auth/verify-service-jwt.ts'
import { endpoints, subscriptions } from '../../src/endpoints/index.ts'
import { defaultSubscriptionLimits } from '../../src/limits.ts'
import { describeError } from '../../src/logger.ts'
import type { Edge } from '../../src/xrpc/edge.ts'
import { createPipeline, isStream, type Pipeline } from '../../src/xrpc/pipeline.ts'
import { noRateLimits } from '../../src/xrpc/rate-limit.ts'
import { createSubscriptions, type OpenSubscription } from '../../src/xrpc/subscriptions.ts'
import { openSqlite, type Watched, watchedMemory } from '../inspected.ts'
import { openPostgres } from '../inspected-postgres.ts'
import { reused } from '../reused.ts'
import { type Actor, Stage } from '../stage.ts'
import { nsidOf } from './calls.ts'
import { audience, type TokenDesk, type TokenKind } from './token-desk.ts'

/** `bob` is always the one whose answers are looked at, unless a moderator is. */
export const names = ['alice', 'bob', 'carla', 'dave', 'erin', 'mona'] as const
export type Name = (typeof names)[number]

/** An empty store of each kind, by its name in titles. */
export const stores: readonly [name: string, watch: () => Promise<Watched>][] = [
  ['memory', watchedMemory],
  ['SQLite', reused(openSqlite)],
  ['PostgreSQL', reused(openPostgres)],
]

/** Params of a query, or the input of a procedure. */
export type Given = Readonly<Record<string, unknown>>

export interface Reply {
  status: number
  /** All of the answer's body; of a subscription its first frame. */
  text: string
  /** Of a refusal. */
  error?: { error: string; message: string }
  /** Rows that the call wrote. */
  written: number
}

const verbs = new Map<string, 'GET' | 'POST' | 'Upgrade'>([
  ...endpoints.map(({ schema }) => [schema.nsid, schema.type === 'xrpc_query' ? 'GET' : 'POST'] as const),
  ...subscriptions.map(({ schema }) => [schema.nsid, 'Upgrade'] as const),
])

/** The method that a token names, where that is not the one it is for. */
const tokenMethods = new Map<string, string | undefined>(
  subscriptions.map(({ schema, tokenMethod }) => [schema.nsid, tokenMethod]),
)

/** Whether the method may be expected to write nothing even where it answers. */
export function isRead(nsid: string): boolean {
  return verbs.get(nsid) !== 'POST'
}

/** The service without its sockets: the real pipeline, with real tokens, over a store that counts what is written. */
export class World {
  readonly stage: Stage
  readonly actors: Readonly<Record<Name, Actor>>
  /** The lines logged so far. */
  readonly log: string[] = []
  readonly #desk: TokenDesk
  readonly #pipeline: Pipeline
  readonly #subscribe: OpenSubscription
  readonly #watched: Watched

  constructor(watched: Watched, desk: TokenDesk, moderators: readonly Name[]) {
    this.#desk = desk
    this.#watched = watched
    this.stage = new Stage(watched.open)
    this.actors = Object.fromEntries(names.map(name => [name, this.stage.actor(name)])) as Record<Name, Actor>
    const identity = new TestIdentity()
    for (const name of names) {
      identity.publish(this.did(name), desk.keys.atproto)
      identity.publish(this.did(name), desk.keys.atproto_label, 'atproto_label')
    }
    const { clock, ctx } = this.stage
    const edge: Edge = {
      endpoints,
      subscriptions,
      context: ctx,
      tokens: createServiceJwtVerifier({
        identity,
        signatures: createSignatureVerifier(),
        replay: noReplayGuard,
        clock,
        audiences: [audience],
      }),
      moderators: moderators.map(name => this.did(name)),
      rateLimiter: noRateLimits,
      subscriptionLimits: defaultSubscriptionLimits,
      checkOutput: true,
      clock,
      logger: pino({ serializers: { err: describeError } }, { write: line => void this.log.push(line) }),
    }
    this.#pipeline = createPipeline(edge)
    this.#subscribe = createSubscriptions(edge)
  }

  did(name: Name): Did {
    return this.actors[name].did
  }

  /** Calls a method and waits until nothing more comes of it. */
  async ask(name: Name, nsid: string, given: Given, kind: TokenKind = 'good'): Promise<Reply> {
    const before = await this.#watched.written()
    const authorization = await this.#desk.authorization(
      { did: this.did(name), nsid: tokenMethods.get(nsid) ?? nsid, nowMs: this.stage.clock.now() },
      kind,
    )
    const isSubscription = verbs.get(nsid) === 'Upgrade'
    const { status, text } = isSubscription
      ? await this.#follow(nsid, given, authorization)
      : await this.#call(nsid, given, authorization)
    return {
      status,
      text,
      ...(status >= 400 && { error: JSON.parse(text) }),
      written: (await this.#watched.written()) - before,
    }
  }

  /** The same, where only a good answer is of use. */
  async play(name: Name, method: string, given: Given): Promise<Played> {
    const { status, text } = await this.ask(name, nsidOf(method), given)
    assert.equal(status, 200, `${name} ${method}: ${text}`)
    return JSON.parse(text)
  }

  close(): Promise<void> {
    return this.stage.ctx.store.close()
  }

  async #call(nsid: string, given: Given, authorization: readonly string[]) {
    const isQuery = verbs.get(nsid) === 'GET'
    const hasBody = !isQuery && Object.keys(given).length > 0
    const { status, body } = await this.#pipeline({
      requestId: 'matrix',
      verb: isQuery ? 'GET' : 'POST',
      nsid,
      query: isQuery ? queryOf(given) : '',
      authorization,
      contentType: hasBody ? 'application/json' : undefined,
      body: async () => Buffer.from(hasBody ? JSON.stringify(given) : ''),
      closed: () => AbortSignal.abort(),
    })
    return { status, text: isStream(body) ? (await Array.fromAsync(body)).join('') : String(body) }
  }

  async #follow(nsid: string, given: Given, authorization: readonly string[]) {
    const gone = new AbortController()
    const query = queryOf(given)
    const opening = await this.#subscribe({
      requestId: 'matrix',
      nsid,
      query,
      authorization,
      closed: gone.signal,
    })
    if ('refusal' in opening) {
      return { status: opening.refusal.status, text: JSON.stringify(opening.refusal.body) }
    }
    const frames = opening.stream.frames[Symbol.asyncIterator]()
    const { value } = await frames.next()
    gone.abort()
    await frames.return?.()
    return { status: 200, text: Buffer.from(value.data).toString('latin1') }
  }
}

/** As much of an answer as the next step needs. */
export interface Played {
  id: string
  convo: { id: string }
  joinLink: { code: string }
}

function queryOf(given: Given): string {
  const pairs = Object.entries(given).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, String(one)]),
  )
  return new URLSearchParams(pairs).toString()
}
