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

/** Tokens name their issuer freely, so the look-ups that strangers can cause at one time are bounded. */
const lookUpsMax = 256

const secondMs = 1000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs

/** did:plc and did:web over HTTP, cached. */
export class NetworkIdentity implements Identity {
  readonly #plc: DidResolverCommon
  readonly #web: DidResolverCommon
  readonly #cache: AgingCache<Did, DidFacts>
  #lookUps = 0

  constructor({ plcUrl, allowPrivateNetwork, clock, fetch }: NetworkIdentityOptions) {
    this.#plc = new DidResolverCommon({
      plcDirectoryUrl: plcUrl,
      fetch: boundedFetch({ allowPrivateNetwork: true, fetch }),
    })
    this.#web = new DidResolverCommon({
      allowHttp: allowPrivateNetwork,
      fetch: boundedFetch({ allowPrivateNetwork, fetch }),
    })
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
    if (this.#lookUps >= lookUpsMax) throw unreachable(did)
    this.#lookUps += 1
    try {
      const resolver = did.startsWith('did:plc:') ? this.#plc : this.#web
      return readDidFacts(await resolver.resolve(did))
    } catch (error) {
      if (saysThereIsNone(error)) return undefined
      throw unreachable(did, error)
    } finally {
      this.#lookUps -= 1
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
