import type { Clock } from './clock.ts'
import { waitFor } from './deadline.ts'
import type { IdentityCache } from './identity-cache.ts'

/** What a question was answered with, and for how long that holds. No value: it surely does not exist. */
export interface Answer<T> {
  value: T | undefined
  ttlMs: number
  /** After this it is asked anew, while the answer still serves. Default: not before it has run out. */
  freshMs?: number | undefined
}

/** As it is cached: in a box, because null must be told from not cached, whatever the cache does to undefined. */
interface Kept<T> {
  value?: T
  staleAtMs?: number
}

export interface FindOptions {
  signal?: AbortSignal | undefined
  /** Ask anew, whatever is cached. Default false. */
  noCache?: boolean | undefined
}

/** Questions whose answers are kept, the negative ones too, and asked once however many wait for the answer. */
export class Lookup {
  readonly #cache: IdentityCache | undefined
  readonly #clock: Clock
  readonly #asking = new Map<string, Promise<unknown>>()

  constructor(cache: IdentityCache | undefined, clock: Clock) {
    this.#cache = cache
    this.#clock = clock
  }

  async find<T>(
    key: string,
    { signal, noCache = false }: FindOptions,
    ask: () => Promise<Answer<T>>,
  ): Promise<T | undefined> {
    const cached = noCache ? undefined : this.#cache?.get(key).catch(() => undefined)
    const kept = (await waitFor(Promise.resolve(cached), signal)) as Kept<T> | null | undefined
    if (kept === undefined || kept === null) return waitFor(this.#ask(key, ask), signal)
    if (kept.staleAtMs !== undefined && kept.staleAtMs <= this.#clock.now())
      this.#ask(key, ask).catch(() => {}) // behind the back of whoever asks, who is served what is kept
    return kept.value
  }

  #ask<T>(key: string, ask: () => Promise<Answer<T>>): Promise<T | undefined> {
    let asking = this.#asking.get(key) as Promise<T | undefined> | undefined
    if (!asking) {
      asking = this.#askAndKeep(key, ask).finally(() => this.#asking.delete(key))
      this.#asking.set(key, asking)
    }
    return asking
  }

  async #askAndKeep<T>(key: string, ask: () => Promise<Answer<T>>): Promise<T | undefined> {
    const { value, ttlMs, freshMs } = await ask()
    const kept: Kept<T> = {
      ...(value !== undefined && { value }),
      ...(freshMs !== undefined && { staleAtMs: this.#clock.now() + freshMs }),
    }
    await this.#cache?.set(key, kept, ttlMs).catch(() => {})
    return value
  }
}
