import { AppError } from '../errors.ts'
import { boundedFetch, type Fetch, getJson } from './bounded-fetch.ts'

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
  /** The field of the answer that holds the list. */
  field: string
  /** One more parameter. */
  fixed?: [name: string, value: string]
}

/** Unauthenticated queries to an AppView. */
export class AppViewClient {
  readonly #url: string
  readonly #fetch: Fetch

  constructor({ url, fetch }: AppViewClientOptions) {
    this.#url = url
    this.#fetch = boundedFetch({ allowPrivateNetwork: true, fetch })
  }

  /**
   * The items that the AppView answers for `keys`, unvalidated. An AppView refuses a whole list for one bad item, so a list that is refused is asked for in halves.
   * Throws UpstreamFailure where no answer is to be had.
   */
  async list(query: ListQuery, keys: readonly string[]): Promise<unknown[]> {
    const { nsid, param, field, fixed } = query
    const url = new URL(`/xrpc/${nsid}`, this.#url)
    if (fixed) url.searchParams.append(...fixed)
    for (const key of keys) url.searchParams.append(param, key)
    const { status, body } = await getJson(this.#fetch, url).catch((cause: unknown) => {
      throw unreachable(cause)
    })
    const answer = (body ?? {}) as Record<string, unknown>
    if (status === 400) return answer.error === 'ActorNotFound' ? [] : this.#halves(query, keys)
    const items = answer[field]
    if (status !== 200 || !Array.isArray(items))
      throw unreachable(new Error(`${nsid} answered with status ${status}`))
    return items
  }

  async #halves(query: ListQuery, keys: readonly string[]): Promise<unknown[]> {
    if (keys.length <= 1) return []
    const middle = Math.ceil(keys.length / 2)
    const halves = await Promise.all([
      this.list(query, keys.slice(0, middle)),
      this.list(query, keys.slice(middle)),
    ])
    return halves.flat()
  }
}

function unreachable(cause: unknown): AppError {
  return new AppError('UpstreamFailure', 'The AppView does not answer; try again later', { cause })
}
