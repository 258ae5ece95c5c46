import type { Did } from '@atcute/lexicons/syntax'
import { pino } from 'pino'
import { noReplayGuard } from '../../src/auth/replay.ts'
import { createSignatureVerifier, type SignatureVerifier } from '../../src/auth/signature.ts'
import { createTestKey, mintServiceJwt, TestIdentity, type TestKey } from '../../src/auth/test-tokens.ts'
import { createServiceJwtVerifier } from '../../src/auth/verify-service-jwt.ts'
import { defaultSubscriptionLimits } from '../../src/limits.ts'
import { describeError } from '../../src/logger.ts'
import { EngineStore } from '../../src/store/engine-store.ts'
import { openDatabase } from '../../src/store/sqlite/open-database.ts'
import { SqliteEngine } from '../../src/store/sqlite/sqlite-engine.ts'
import type { Store } from '../../src/store/store.ts'
import type { Tid } from '../../src/tid.ts'
import type { Endpoint } from '../../src/xrpc/endpoint.ts'
import { createPipeline, type Pipeline } from '../../src/xrpc/pipeline.ts'
import { noRateLimits } from '../../src/xrpc/rate-limit.ts'
import { type Actor, Stage } from '../stage.ts'
import { Known } from './known.ts'

/** Who is who once everything is set: see population.ts. */
export const names = [
  'alice',
  'bob',
  'carla',
  'dave',
  'erin',
  'frank',
  'grace',
  'heidi',
  'ivan',
  'judy',
  'mallory',
  'olivia',
] as const
export type Name = (typeof names)[number]
/** Whoever has the most convos calls the most. */
export const theBusy: readonly Name[] = ['alice', 'bob', 'carla', 'dave']

const audience: Did = 'did:web:chat.example.org'
/** The stage's clock starts here in every world, so tokens can be made once. */
const tokenLifeSec = 50 * 60

/** Tokens of everybody for every method, made where they are first needed and good in every world. */
export class TokenDesk {
  readonly key: TestKey
  readonly signatures: SignatureVerifier = eachOnce(createSignatureVerifier())
  readonly #made = new Map<string, Promise<string>>()

  private constructor(key: TestKey) {
    this.key = key
  }

  static async open(): Promise<TokenDesk> {
    return new TokenDesk(await createTestKey())
  }

  token(did: Did, nsid: string, nowMs: number): Promise<string> {
    const name = `${did} ${nsid}`
    let token = this.#made.get(name)
    if (token === undefined) {
      const now = Math.floor(nowMs / 1000)
      const claims = { exp: now + tokenLifeSec }
      token = mintServiceJwt({ iss: did, aud: audience, lxm: nsid, key: this.key, now, claims })
      this.#made.set(name, token)
    }
    return token
  }
}

/** A signature that held holds: half a million calls need not check it again. Everything else of a token is. */
function eachOnce(signatures: SignatureVerifier): SignatureVerifier {
  const held = new Set<string>()
  return {
    verify(key, signed, signature) {
      const token = `${signed}.${Buffer.from(signature).toString('base64url')}`
      if (held.has(token)) return true
      const holds = signatures.verify(key, signed, signature)
      if (holds) held.add(token)
      return holds
    },
  }
}

/** The service without its sockets: the real pipeline over SQLite in memory. */
export class World {
  readonly stage: Stage
  readonly store: Store
  readonly pipeline: Pipeline
  readonly actors: Readonly<Record<Name, Actor>>
  readonly known: Known
  /** The lines logged since somebody emptied it. */
  readonly log: string[] = []
  readonly desk: TokenDesk
  readonly #db = openDatabase(':memory:')
  readonly #changes = this.#db.prepare('select total_changes() as changes')
  readonly #convoIds = this.#db.prepare('select id from convo')
  readonly #unordered = this.#db.prepare(
    `select rev from (select rev, lag(rev) over (partition by account order by seq) as before from log)
     where rev <= before`,
  )

  constructor(endpoints: readonly Endpoint[], desk: TokenDesk) {
    this.desk = desk
    this.stage = new Stage(clock => new EngineStore(new SqliteEngine(this.#db), clock))
    this.store = this.stage.ctx.store
    this.actors = Object.fromEntries(names.map(name => [name, this.stage.actor(name)])) as Record<Name, Actor>
    this.known = new Known(names.map(name => this.actors[name].did))
    const identity = new TestIdentity()
    for (const name of names) identity.publish(this.actors[name].did, desk.key)
    const { clock } = this.stage
    this.pipeline = createPipeline({
      endpoints,
      subscriptions: [],
      context: this.stage.ctx,
      tokens: createServiceJwtVerifier({
        identity,
        signatures: desk.signatures,
        replay: noReplayGuard,
        clock,
        audiences: [audience],
      }),
      moderators: [],
      rateLimiter: noRateLimits,
      subscriptionLimits: defaultSubscriptionLimits,
      checkOutput: true,
      clock,
      logger: pino({ serializers: { err: describeError } }, { write: line => void this.log.push(line) }),
    })
  }

  /** Rows written so far, those of transactions that were undone included. */
  changes(): number {
    return (this.#changes.get() as { changes: number }).changes
  }

  /** Revs of log rows that are not above the one that was written for the same account before. */
  unorderedRevs(): number[] {
    return (this.#unordered.all() as { rev: number }[]).map(({ rev }) => rev)
  }

  /** Every convo that there is, also those in no list. */
  convoIds(): Tid[] {
    return (this.#convoIds.all() as { id: Tid }[]).map(({ id }) => id)
  }

  close(): Promise<void> {
    return this.store.close()
  }
}
