import { isAtprotoDid, isPlcDid, webDidToDocumentUrl } from '@atcute/identity'
import type { Did } from '@atcute/lexicons/syntax'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import { AgingCache } from './aging-cache.ts'
import { boundedFetch, type Fetch, getJson, type JsonAnswer } from './bounded-fetch.ts'
import { type DidFacts, readDidDocument, readDidFacts } from './did-facts.ts'
import type { Identity, SigningKey, SigningKeyOptions } from './identity.ts'

export interface NetworkIdentityOptions {
  /** Origin of the PLC directory. May be a private address, since the operator chose it. */
  plcUrl: string
  /** Also resolve did:web on private addresses and by http on localhost. For a network on one machine only. */
  allowPrivateNetwork: boolean
  clock: Clock
  /** Default: the global one. */
  fetch?: Fetch
}

/** What is kept of a document is a key or two and an origin, about 0.5 KB. */
const documentsMax = 50_000

/** Real ones are under 4 KB. Whoever has a DID writes one, and anybody can make us read it. */
const documentBytesMax = 16 * 1024

/** The longest host name makes a DID of 261 characters; no account is near it. */
const didCharsMax = 256

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
  fetch: Fetch
  lookUpsMax: number
  lookUps: number
}

/** did:plc and did:web over HTTP, cached. */
export class NetworkIdentity implements Identity {
  readonly #plcUrl: string
  readonly #allowHttp: boolean
  readonly #plc: Method
  readonly #web: Method
  readonly #cache: AgingCache<Did, DidFacts>

  constructor({ plcUrl, allowPrivateNetwork, clock, fetch }: NetworkIdentityOptions) {
    const bounds = { responseBytesMax: documentBytesMax, fetch }
    const plc = boundedFetch({ ...bounds, allowPrivateNetwork: true })
    const web = boundedFetch({ ...bounds, allowPrivateNetwork })
    this.#plcUrl = plcUrl
    this.#allowHttp = allowPrivateNetwork
    this.#plc = { fetch: plc, lookUpsMax: lookUpsMax.plc, lookUps: 0 }
    this.#web = { fetch: web, lookUpsMax: lookUpsMax.web, lookUps: 0 }
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
    { key = 'atproto', refresh = false }: SigningKeyOptions = {},
  ): Promise<SigningKey | undefined> {
    const facts = await this.#facts(did, refresh)
    return facts?.keys[key]
  }

  async pds(did: Did): Promise<string | undefined> {
    const facts = await this.#facts(did, false)
    return facts?.pds
  }

  /** The network says that the document of `did` has changed: asks for it again, and keeps the old one for want of it. */
  changed(did: Did): void {
    this.#cache.outdate(did)
  }

  async #facts(did: Did, refresh: boolean): Promise<DidFacts | undefined> {
    // Leaves out methods other than plc and web, web DIDs with a path, and addresses in the place of names.
    if (did.length > didCharsMax || !isAtprotoDid(did)) return undefined
    const url = this.#documentUrl(did)
    if (url === undefined) return undefined
    return this.#cache.get(did, () => this.#resolve(did, url), { refresh })
  }

  /** `undefined` for a did:web that names no host, and for one on this machine unless the whole network is. */
  #documentUrl(did: Did): URL | undefined {
    if (isPlcDid(did)) return new URL(`/${encodeURIComponent(did)}`, this.#plcUrl)
    const url = webDocumentUrl(did as Did<'web'>)
    return url?.protocol === 'https:' || this.#allowHttp ? url : undefined
  }

  async #resolve(did: Did, url: URL): Promise<DidFacts | undefined> {
    const method = isPlcDid(did) ? this.#plc : this.#web
    if (method.lookUps >= method.lookUpsMax) throw unreachable(did)
    method.lookUps += 1
    try {
      return readAnswer(did, await getJson(method.fetch, url))
    } catch (error) {
      throw unreachable(did, error)
    } finally {
      method.lookUps -= 1
    }
  }
}

function webDocumentUrl(did: Did<'web'>): URL | undefined {
  try {
    return webDidToDocumentUrl(did)
  } catch {
    // What has the form of a host may still be none, such as `localhost%3A99999`.
    return undefined
  }
}

function unreachable(did: Did, cause?: unknown): AppError {
  return new AppError('UpstreamFailure', `Could not resolve ${did}; try again later`, { cause })
}

/**
 * `undefined` only where the host says that there is none, or has a document about somebody else. Throws at all else:
 * an error page or half a document says nothing of the account, whose known key then goes on to count.
 */
function readAnswer(did: Did, { status, headers, body }: JsonAnswer): DidFacts | undefined {
  if (status === 404 || status === 410) return undefined
  if (status !== 200) throw new Error(`the host answered with status ${status}`)
  // A host may serve, under this path too, what others have uploaded.
  if (!/^application\/(did\+ld\+)?json\s*(;|$)/i.test(headers.get('content-type') ?? ''))
    throw new Error('the host answered with something other than JSON')
  const document = readDidDocument(body)
  if (document === undefined) throw new Error('the host answered with something other than a DID document')
  return document.id === did ? readDidFacts(document) : undefined
}
