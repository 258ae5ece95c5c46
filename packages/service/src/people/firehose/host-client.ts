import { setTimeout as sleep } from 'node:timers/promises'
import { ComAtprotoRepoListRecords, ComAtprotoSyncListRepos } from '@atcute/atproto'
import { type Did, type Handle, isHandle } from '@atcute/lexicons/syntax'
import { type BaseSchema, type InferOutput, safeParse } from '@atcute/lexicons/validations'
import { boundedFetch, type Fetch, getJson } from '../bounded-fetch.ts'
import { type IndexedCollection, indexedCollections } from './indexed-record.ts'

/** A host that does not say how long to wait is asked again after this long, and one that says longer than the maximum, then. */
const rateLimitedMs = 10_000
const rateLimitedMaxMs = 5 * 60_000

/** A follow list of this size is an attack on whoever reads it. */
const recordsMax = 500_000

export interface ListedRepo {
  did: Did
  rev: string
  active: boolean
}

export interface RepoDescription {
  /** `handle.invalid` where the host finds that handle and DID do not point at each other. */
  handle: Handle
  /** Those of ours that may hold records. */
  collections: IndexedCollection[]
}

export interface ListedRecord {
  rkey: string
  value: unknown
}

/** Reads what a PDS serves to anybody. Every method throws where the host cannot be reached or refuses. */
export class HostClient {
  readonly #origin: string
  readonly #fetch: Fetch
  readonly #signal: AbortSignal

  constructor({ origin, signal }: { origin: string; signal: AbortSignal }) {
    this.#origin = origin
    this.#signal = signal
    // The operator chose the host.
    this.#fetch = boundedFetch({ allowPrivateNetwork: true })
  }

  /** Whether the host keeps repositories (a PDS) or only passes on what others keep (a relay). */
  async isPds(): Promise<boolean> {
    const { status } = await this.#get('com.atproto.server.describeServer', {})
    return status === 200
  }

  async *repos(): AsyncGenerator<ListedRepo> {
    const { repoSchema } = ComAtprotoSyncListRepos
    for await (const repo of this.#items(
      'com.atproto.sync.listRepos',
      { limit: '500' },
      'repos',
      repoSchema,
    )) {
      yield { did: repo.did, rev: repo.rev, active: repo.active ?? true }
    }
  }

  async *records(did: Did, collection: IndexedCollection): AsyncGenerator<ListedRecord> {
    const { recordSchema } = ComAtprotoRepoListRecords
    const query = { repo: did, collection, limit: '100' }
    let count = 0
    for await (const { uri, value } of this.#items(
      'com.atproto.repo.listRecords',
      query,
      'records',
      recordSchema,
    )) {
      yield { rkey: uri.slice(uri.lastIndexOf('/') + 1), value }
      count += 1
      if (count === recordsMax) return
    }
  }

  async describe(did: Did): Promise<RepoDescription> {
    const body = await this.#read('com.atproto.repo.describeRepo', { repo: did })
    const { handle, handleIsCorrect, collections } = body
    const has = Array.isArray(collections) ? new Set<unknown>(collections) : undefined
    return {
      handle: handleIsCorrect === true && isHandle(handle) ? handle : 'handle.invalid',
      collections: indexedCollections.filter(collection => has === undefined || has.has(collection)),
    }
  }

  /** The items of all pages, without those that are not what `schema` says. */
  async *#items<S extends BaseSchema>(
    nsid: string,
    query: Record<string, string>,
    field: string,
    schema: S,
  ): AsyncGenerator<InferOutput<S>> {
    let cursor: string | undefined
    for (;;) {
      const page = await this.#read(nsid, cursor === undefined ? query : { ...query, cursor })
      const items = page[field]
      if (!Array.isArray(items) || items.length === 0) return
      for (const item of items) {
        const result = safeParse(schema, item)
        if (result.ok) yield result.value
      }
      if (typeof page.cursor !== 'string' || page.cursor === cursor) return
      cursor = page.cursor
    }
  }

  async #read(nsid: string, query: Record<string, string>): Promise<Record<string, unknown>> {
    const { status, body } = await this.#get(nsid, query)
    if (status >= 400) throw new Error(`${nsid} was refused with status ${status}`)
    if (typeof body !== 'object' || body === null)
      throw new Error(`${nsid} answered something other than an object`)
    return body as Record<string, unknown>
  }

  /** Waits as long as the host's rate limit asks for. */
  async #get(nsid: string, query: Record<string, string>): Promise<{ status: number; body: unknown }> {
    const url = new URL(`/xrpc/${nsid}`, this.#origin)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    for (;;) {
      this.#signal.throwIfAborted()
      const answer = await getJson(this.#fetch, url, this.#signal)
      if (answer.status >= 500 && answer.status !== 501)
        throw new Error(`${nsid} failed with status ${answer.status}`)
      if (answer.status !== 429) return answer
      const askedSec = Number(answer.headers.get('retry-after') ?? Number.NaN)
      const waitMs = askedSec > 0 ? Math.min(askedSec * 1000, rateLimitedMaxMs) : rateLimitedMs
      await sleep(waitMs, undefined, { signal: this.#signal })
    }
  }
}
