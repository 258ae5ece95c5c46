import type { Did } from '@atcute/lexicons/syntax'
import { pino } from 'pino'
import { noReplayGuard } from '../../src/auth/replay.ts'
import { createSignatureVerifier, type SignatureVerifier } from '../../src/auth/signature.ts'
import { createTestKey, mintServiceJwt, TestIdentity, type TestKey } from '../../src/auth/test-tokens.ts'
import { createServiceJwtVerifier } from '../../src/auth/verify-service-jwt.ts'
import { subscriptions } from '../../src/endpoints/index.ts'
import { defaultSubscriptionLimits } from '../../src/limits.ts'
import { describeError } from '../../src/logger.ts'
import type { Store } from '../../src/store/store.ts'
import { formatTid, type Tid } from '../../src/tid.ts'
import type { Edge } from '../../src/xrpc/edge.ts'
import type { Endpoint } from '../../src/xrpc/endpoint.ts'
import { createPipeline, type Pipeline } from '../../src/xrpc/pipeline.ts'
import { noRateLimits } from '../../src/xrpc/rate-limit.ts'
import type { Inspected } from '../inspected.ts'
import { type Actor, Stage } from '../stage.ts'
import { type Name, names, theCrowd, theModerator } from './cast.ts'

const audience: Did = 'did:web:chat.example.org'
/** The stage's clock starts here in every world, so tokens can be made once. */
const tokenLifeSec = 50 * 60
/** Accounts younger than this create no groups: peggy is. */
const newAccountMs = 60 * 60 * 1000

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

/** What a world is made of. */
export interface WorldParts {
  endpoints: readonly Endpoint[]
  desk: TokenDesk
  inspected: Inspected
}

/** The service without its sockets: the real pipeline over a store that can be looked into. */
export class World {
  readonly stage: Stage
  readonly store: Store
  readonly edge: Edge
  readonly pipeline: Pipeline
  readonly actors: Readonly<Record<Name, Actor>>
  /** Accounts that calls may be about. */
  readonly dids: readonly Did[]
  /** The lines logged since somebody emptied it. */
  readonly log: string[] = []
  readonly desk: TokenDesk
  readonly inspected: Inspected
  #written = 0
  /** Given out once and for good. */
  readonly #uids = new Map<Did, number>()

  constructor({ endpoints, desk, inspected }: WorldParts) {
    this.desk = desk
    this.inspected = inspected
    this.stage = new Stage(inspected.open)
    this.store = this.stage.ctx.store
    this.actors = Object.fromEntries(names.map(name => [name, this.stage.actor(name)])) as Record<Name, Actor>
    this.dids = names.map(name => this.actors[name].did)
    for (const did of theCrowd) this.stage.people.add(did, { handle: 'crowd.test', allowIncoming: 'all' })
    this.stage.ctx.groupCreatorAgeMs = newAccountMs
    const identity = new TestIdentity()
    for (const name of names) identity.publish(this.actors[name].did, desk.key)
    const { clock } = this.stage
    this.edge = {
      endpoints,
      subscriptions,
      context: this.stage.ctx,
      tokens: createServiceJwtVerifier({
        identity,
        signatures: desk.signatures,
        replay: noReplayGuard,
        clock,
        audiences: [audience],
      }),
      moderators: [this.actors[theModerator].did],
      rateLimiter: noRateLimits,
      subscriptionLimits: defaultSubscriptionLimits,
      checkOutput: true,
      clock,
      logger: pino({ serializers: { err: describeError } }, { write: line => void this.log.push(line) }),
    }
    this.pipeline = createPipeline(this.edge)
  }

  /** Rows written since this was last asked, those of transactions that were undone included. */
  async newlyWritten(): Promise<number> {
    const before = this.#written
    this.#written = await this.inspected.written()
    return this.#written - before
  }

  /** The number that stands for an account in the rows; 0 for one that has none. */
  async uid(name: Name): Promise<number> {
    const { did } = this.actors[name]
    const known = this.#uids.get(did)
    if (known !== undefined) return known
    const [row] = await this.inspected.select<{ uid: number }>('select uid from account where did = $1', did)
    if (row) this.#uids.set(did, row.uid)
    return row?.uid ?? 0
  }

  /** `undefined` for one of the crowd. */
  nameOf(did: Did): Name | undefined {
    return names[this.dids.indexOf(did)]
  }

  /** All ids of convos and of messages, in the order they came along. */
  async ids(): Promise<string[]> {
    const tables = ['convo', 'message'].map(table =>
      this.inspected.select<{ id: Tid }>(`select id from ${table} order by id`),
    )
    return (await Promise.all(tables)).flat().map(({ id }) => formatTid(id))
  }

  close(): Promise<void> {
    return this.store.close()
  }
}
