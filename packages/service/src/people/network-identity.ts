import { isAtprotoDid } from '@atcute/identity'
import type { Did } from '@atcute/lexicons/syntax'
import { DidError, DidResolverCommon } from '@atproto-labs/did-resolver'
import { FetchResponseError } from '@atproto-labs/fetch-node'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import { AgingCache } from './aging-cache.ts'
import { boundedFetch, type Fetch } from './bounded-fetch.ts'
import { type DidFacts, readDidFacts } from './did-facts.ts'
import type { Identity, SigningKey } from './identity.ts'

export interface NetworkIdentityOptions {
  /** Origin of the PLC directory. May be a private address, since the operator chose it. */
  plcUrl: string
  /** Also resolve did:web on private addresses and by http on localhost. For a network on one machine only. */
  allowPrivateNetwork: boolean
  clock: Clock
  /** Default: the global one. */
  fetch?: Fetch
}

/** Documents kept, about 0.5 KB each. */
const documentsMax = 50_000

/**
 * Tokens name their issuer freely, so the look-ups that strangers can cause at one time are bounded. The host of a
 * did:web is a stranger's choice too and may never answer: it must not use up what did:plc needs.
 */
const lookUpsMax = { plc: 256, web: 32 }

const secondMs = 1000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs

/** One DID method, and what is being looked up by it. */
interface Method {
  resolver: DidResolverCommon
  lookUpsMax: number
  lookUps: number
}

/** did:plc and did:web over HTTP, cached. */
export class NetworkIdentity implements Identity {
  readonly #plc: Method
  readonly #web: Method
  readonly #cache: AgingCache<Did, DidFacts>

  constructor({ plcUrl, allowPrivateNetwork, clock, fetch }: NetworkIdentityOptions) {
    const plc = new DidResolverCommon({
      plcDirectoryUrl: plcUrl,
      fetch: boundedFetch({ allowPrivateNetwork: true, fetch }),
    })
    const web = new DidResolverCommon({
      allowHttp: allowPrivateNetwork,
      fetch: boundedFetch({ allowPrivateNetwork, fetch }),
    })
    this.#plc = { resolver: plc, lookUpsMax: lookUpsMax.plc, lookUps: 0 }
    this.#web = { resolver: web, lookUpsMax: lookUpsMax.web, lookUps: 0 }
    this.#cache = new AgingCache({
      clock,
      entriesMax: documentsMax,
      freshMs: 5 * minuteMs,
      // After an hour a revoked key has to be asked about, unless nobody answers for a day.
      staleMs: hourMs,
      keptMs: 24 * hourMs,
      absentMs: 30 * secondMs,
      retryMs: 5 * secondMs,
    })
  }

  async signingKey(
    did: Did,
    { keyId = 'atproto', refresh = false }: { keyId?: string; refresh?: boolean } = {},
  ): Promise<SigningKey | undefined> {
    const facts = await this.#facts(did, refresh)
    return facts?.keys.get(keyId)
  }

  async pds(did: Did): Promise<string | undefined> {
    const facts = await this.#facts(did, false)
    return facts?.pds
  }

  async #facts(did: Did, refresh: boolean): Promise<DidFacts | undefined> {
    // Leaves out methods other than plc and web, web DIDs with a path, and addresses in the place of names.
    if (!isAtprotoDid(did)) return undefined
    return this.#cache.get(did, () => this.#resolve(did), { refresh })
  }

  async #resolve(did: Did): Promise<DidFacts | undefined> {
    const method = did.startsWith('did:plc:') ? this.#plc : this.#web
    if (method.lookUps >= method.lookUpsMax) throw unreachable(did)
    method.lookUps += 1
    try {
      return readDidFacts(await method.resolver.resolve(did))
    } catch (error) {
      if (saysThereIsNone(error)) return undefined
      throw unreachable(did, error)
    } finally {
      method.lookUps -= 1
    }
  }
}

function unreachable(did: Did, cause?: unknown): AppError {
  return new AppError('UpstreamFailure', `Could not resolve ${did}; try again later`, { cause })
}

/** Whether somebody answered, and the answer was that there is no usable document: not that nobody answered. */
function saysThereIsNone(error: unknown): boolean {
  if (!(error instanceof DidError)) return false
  if (error.code !== 'did-fetch-error') return error.code !== 'did-unknown-error'
  if (!(error.cause instanceof FetchResponseError)) return false
  const { status } = error.cause.response
  return status < 500 && status !== 408 && status !== 429
}
