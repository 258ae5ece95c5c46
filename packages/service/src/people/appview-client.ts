import { AppError } from '../errors.ts'
import { boundedFetch, type Fetch, getJson, type JsonAnswer, ResponseTooLargeError } from './bounded-fetch.ts'

export interface AppViewClientOptions {
  /** Origin of the AppView. May be a private address, since the operator chose it. */
  url: string
  /** Default: the global one. */
  fetch?: Fetch | undefined
}

export interface ListQuery {
  nsid: string
  /** The parameter that is repeated for every key. */
  param: string
  /** A longer key names nothing, and is not asked about. */
  keyCharsMax: number
  /** The field of the answer that holds the list. */
  field: string
  /** One more parameter, a key too: without it nothing is found. */
  fixed?: [name: string, value: string]
}

/** Proxies refuse a request line of 8 KB. */
const urlCharsMax = 6 * 1024

/** Content, URI and header fields too large: a host in front of the AppView may have limits of its own. */
const tooLongStatuses = [413, 414, 431]

/** Unauthenticated queries to an AppView. */
export class AppViewClient {
  readonly #origin: string
  readonly #fetch: Fetch

  constructor({ url, fetch }: AppViewClientOptions) {
    this.#origin = url
    this.#fetch = boundedFetch({ allowPrivateNetwork: true, fetch })
  }

  /**
   * The items that the AppView answers for `keys`, unvalidated. An AppView refuses a whole list for one bad item or
   * for its length, and one long item can make the answer too large to read: such a list is asked for in halves.
   * Throws UpstreamFailure where no answer is to be had.
   */
  async list(query: ListQuery, keys: readonly string[]): Promise<unknown[]> {
    const { fixed, keyCharsMax } = query
    if (fixed && fixed[1].length > keyCharsMax) return []
    return this.#list(
      query,
      keys.filter(key => key.length <= keyCharsMax),
    )
  }

  async #list(query: ListQuery, keys: readonly string[]): Promise<unknown[]> {
    if (keys.length === 0) return []
    const url = this.#url(query, keys)
    if (url.href.length > urlCharsMax && keys.length > 1) return this.#halves(query, keys)
    const answer = await this.#ask(url)
    if (answer === 'too large') return this.#halves(query, keys)
    const { status } = answer
    const body = (answer.body ?? {}) as Record<string, unknown>
    if (status === 400) return body.error === 'ActorNotFound' ? [] : this.#halves(query, keys)
    // One key alone is not too long: a proxy that says so has another reason, which is no answer.
    if (tooLongStatuses.includes(status) && keys.length > 1) return this.#halves(query, keys)
    const items = body[query.field]
    if (status !== 200 || !Array.isArray(items))
      throw unreachable(new Error(`${query.nsid} answered with status ${status}`))
    return items
  }

  #url({ nsid, param, fixed }: ListQuery, keys: readonly string[]): URL {
    const url = new URL(`/xrpc/${nsid}`, this.#origin)
    if (fixed) url.searchParams.append(...fixed)
    for (const key of keys) url.searchParams.append(param, key)
    return url
  }

  async #ask(url: URL): Promise<JsonAnswer | 'too large'> {
    try {
      return await getJson(this.#fetch, url)
    } catch (error) {
      if (error instanceof ResponseTooLargeError) return 'too large'
      throw unreachable(error)
    }
  }

  /** Of one key there are no halves: it has no item. */
  async #halves(query: ListQuery, keys: readonly string[]): Promise<unknown[]> {
    if (keys.length <= 1) return []
    const middle = Math.ceil(keys.length / 2)
    const halves = await Promise.all([
      this.#list(query, keys.slice(0, middle)),
      this.#list(query, keys.slice(middle)),
    ])
    return halves.flat()
  }
}

function unreachable(cause: unknown): AppError {
  return new AppError('UpstreamFailure', 'The AppView does not answer; try again later', { cause })
}
