import { waitFor } from './deadline.ts'
import type { IdentityCache } from './identity-cache.ts'

/** What a question was answered with, and for how long that holds. No value: it surely does not exist. */
export interface Answer<T> {
  value: T | undefined
  ttlMs: number
}

export interface FindOptions {
  signal?: AbortSignal | undefined
  /** Ask anew, whatever is cached. Default false. */
  noCache?: boolean | undefined
}

/** Questions whose answers are kept, the negative ones too, and asked once however many wait for the answer. */
export class Lookup {
  readonly #cache: IdentityCache | undefined
  readonly #asking = new Map<string, Promise<unknown>>()

  constructor(cache: IdentityCache | undefined) {
    this.#cache = cache
  }

  async find<T>(key: string, options: FindOptions, ask: () => Promise<Answer<T>>): Promise<T | undefined> {
    let asking = this.#asking.get(key) as Promise<T | undefined> | undefined
    if (!asking) {
      asking = this.#find(key, options.noCache ?? false, ask).finally(() => this.#asking.delete(key))
      this.#asking.set(key, asking)
    }
    return waitFor(asking, options.signal)
  }

  async #find<T>(key: string, noCache: boolean, ask: () => Promise<Answer<T>>): Promise<T | undefined> {
    const kept = noCache ? undefined : await this.#cache?.get(key).catch(() => undefined)
    // In a box, because null must be told from not cached, whatever the cache does to undefined.
    if (kept !== undefined && kept !== null) return (kept as { value?: T }).value
    const { value, ttlMs } = await ask()
    await this.#cache?.set(key, value === undefined ? {} : { value }, ttlMs).catch(() => {})
    return value
  }
}
