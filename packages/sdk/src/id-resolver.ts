import { type Did, isDid } from '@atcute/lexicons/syntax'
import { type Clock, systemClock } from './clock.ts'
import { Interrupted, withDeadline } from './deadline.ts'
import { type DidDocument, fetchDidDocument, handleOf, pdsOf, signingKeyOf } from './did-document.ts'
import { ChatError } from './errors.ts'
import { lookUpHandle, normalizeHandle } from './handle-lookup.ts'
import { type IdentityCache, memoryIdentityCache } from './identity-cache.ts'
import { type FindOptions, Lookup } from './lookup.ts'

/** Whom a resolver asks, and how long it remembers. */
export interface IdResolverOptions {
  /** Directory of did:plc. Default https://plc.directory. */
  plcUrl?: string
  /**
   * A PDS or other XRPC service to ask for handles, instead of DNS and HTTPS: needed on local networks, whose handles
   * no DNS knows.
   */
  service?: string
  /** DNS over HTTPS, JSON form. Default https://cloudflare-dns.com/dns-query. */
  dohUrl?: string
  /** Limit of each lookup, all its requests included. Default 5000. */
  timeoutMs?: number
  /** Default: one in memory for this resolver. `false` asks anew each time. */
  cache?: IdentityCache | false
  /**
   * Whether a did:web may name an address, a port or a name of a local network, and a handle such a name. Default false:
   * a stranger's DID must not make this machine ask its neighbours.
   */
  allowPrivateNetwork?: boolean
  fetch?: typeof fetch
  clock?: Clock
}

/** How one look-up behaves. */
export type ResolveOptions = FindOptions

/** An account, and where it lives. */
export interface ResolvedActor {
  did: Did
  /** `handle.invalid` unless DID document and handle name each other. */
  handle: string
  pds: string
}

/** What a DID document says about an account. */
export interface AtprotoData extends ResolvedActor {
  /** The key that signs the account's repository, as did:key; undefined of a document in an outdated form. */
  signingKey: string | undefined
}

/** Look-ups by handle. */
export interface HandleLookups {
  /** The DID that a handle points to; throws `identity/unresolved`. */
  resolve(handle: string, options?: ResolveOptions): Promise<Did>
  /** The same, with undefined for a handle that points nowhere. */
  tryResolve(handle: string, options?: ResolveOptions): Promise<Did | undefined>
}

/** Look-ups by DID. */
export interface DidLookups {
  /** The document of a did:plc or did:web; throws `identity/unresolved`. */
  resolve(did: string, options?: ResolveOptions): Promise<DidDocument>
  /** What a document says about an account, its handle verified. */
  resolveAtprotoData(did: string, options?: ResolveOptions): Promise<AtprotoData>
}

const HANDLE_TTL_MS = 10 * 60_000
const DID_TTL_MS = 24 * 60 * 60_000
const DID_FRESH_MS = 60 * 60_000
const NONE_TTL_MS = 60_000

/**
 * Finds out who a handle or a DID is. Cached: handles for 10 minutes; documents for a day, asked for anew by whoever looks
 * after an hour, who need not wait for it; that there is none for one minute.
 */
export class IdResolver {
  readonly handle: HandleLookups
  readonly did: DidLookups

  constructor(options: IdResolverOptions = {}) {
    const { timeoutMs = 5_000, service, allowPrivateNetwork = false, clock = systemClock } = options
    const { cache = memoryIdentityCache({ clock }) } = options
    const { plcUrl = 'https://plc.directory', dohUrl = 'https://cloudflare-dns.com/dns-query' } = options
    // Wrapped, because a browser's fetch must be called as a function of the window.
    const fetchThis: typeof fetch = options.fetch ?? ((input, init) => fetch(input, init))
    const sources = { plcUrl, dohUrl, service, allowPrivateNetwork, fetch: fetchThis }
    const lookup = new Lookup(cache || undefined, clock)

    const find = <T>(
      subject: string,
      holds: { ttlMs: number; freshMs?: number },
      options: ResolveOptions,
      ask: (signal: AbortSignal) => Promise<T | undefined>,
    ) =>
      lookup
        .find(subject, options, async () => {
          const value = await withDeadline({ timeoutMs }, ask)
          return value === undefined ? { value, ttlMs: NONE_TTL_MS } : { value, ...holds }
        })
        .catch(cause => {
          throw failureOf(subject, cause)
        })
    const findHandle = async (written: string, options: ResolveOptions = {}) => {
      const handle = normalizeHandle(written)
      if (handle === undefined) return undefined
      return find(handle, { ttlMs: HANDLE_TTL_MS }, options, signal => lookUpHandle(handle, sources, signal))
    }
    const findDocument = async (did: string, options: ResolveOptions = {}) =>
      isDid(did)
        ? find(did, { ttlMs: DID_TTL_MS, freshMs: DID_FRESH_MS }, options, signal =>
            fetchDidDocument(did, sources, signal),
          )
        : undefined

    this.handle = {
      resolve: async (handle, o) =>
        (await findHandle(handle, o)) ?? unresolved(handle, 'points to no account'),
      tryResolve: (handle, o) => findHandle(handle, o).catch(undefinedIfUnresolved),
    }
    this.did = {
      resolve: async (did, o) => (await findDocument(did, o)) ?? unresolved(did, 'has no DID document'),
      resolveAtprotoData: async (did, o) => this.#readDocument(await this.did.resolve(did, o), o),
    }
  }

  /** Handle or DID in, both and the PDS out, verified both ways. */
  async resolve(actor: string, options: ResolveOptions = {}): Promise<ResolvedActor> {
    const did = isDid(actor) ? actor : await this.handle.resolve(actor, options)
    const { handle, pds } = await this.did.resolveAtprotoData(did, options)
    return { did, handle, pds }
  }

  async #readDocument(document: DidDocument, options: ResolveOptions | undefined): Promise<AtprotoData> {
    const { id: did } = document
    const pds = pdsOf(document) ?? unresolved(did, 'names no PDS in its DID document')
    const claimed = handleOf(document)
    const owner = claimed && (await this.handle.tryResolve(claimed, options))
    const handle = claimed && owner === did ? claimed : 'handle.invalid'
    return { did, handle, pds, signingKey: signingKeyOf(document) }
  }
}

function unresolved(subject: string, why: string): never {
  throw new ChatError('identity/unresolved', `${subject} ${why}`)
}

function undefinedIfUnresolved(error: ChatError): undefined {
  if (!error.is('identity/unresolved')) throw error
}

function failureOf(subject: string, cause: unknown): ChatError {
  if (cause instanceof ChatError) return cause
  if (cause instanceof Interrupted) return new ChatError('timeout', `The lookup of ${subject} took too long`)
  // A domain that is not there and a network that is down look alike from here.
  return new ChatError('identity/unresolved', `The lookup of ${subject} failed`, { retryable: true, cause })
}
