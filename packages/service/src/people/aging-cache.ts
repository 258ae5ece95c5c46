import { LRUCache } from 'lru-cache'
import type { Clock } from '../clock.ts'

export interface AgingCacheOptions {
  clock: Clock
  entriesMax: number
  /** A value younger than this is served as it is. */
  freshMs: number
  /** A value younger than this is served while a newer one is being fetched. */
  staleMs: number
  /** A value younger than this, or that there is none, is served where a newer answer cannot be had. */
  keptMs: number
  /** How long "there is none" (`undefined`) is served as it is. */
  absentMs: number
  /** How long after an attempt that failed, or before one that is forced, the source is left alone. */
  retryMs: number
}

interface Entry<Value> {
  /** The last answer; `undefined` where there is none, or none yet. */
  value: Value | undefined
  /** When that was; `-Infinity` where every attempt failed. */
  answeredAt: number
  triedAt: number
  /** Why the last attempt failed. */
  failure: { error: unknown } | undefined
}

/**
 * Answers of a source that is slow and sometimes away, kept by age: fresh, then stale, then only better than nothing.
 * One question is asked of the source once at a time.
 */
export class AgingCache<Key extends string, Value extends object> {
  readonly #options: AgingCacheOptions
  readonly #entries: LRUCache<Key, Entry<Value>>
  readonly #asking = new Map<Key, Promise<Value | undefined>>()

  constructor(options: AgingCacheOptions) {
    this.#options = options
    this.#entries = new LRUCache({ max: options.entriesMax })
  }

  /**
   * The value of `key`, from `ask` where none is kept that is young enough. `refresh` asks even where one is.
   * Throws what `ask` throws where nothing kept can stand in.
   */
  async get(
    key: Key,
    ask: () => Promise<Value | undefined>,
    { refresh = false }: { refresh?: boolean } = {},
  ): Promise<Value | undefined> {
    const { clock, freshMs, staleMs, keptMs, absentMs } = this.#options
    const entry = this.#entries.get(key)
    if (entry !== undefined && !refresh) {
      const age = clock.now() - entry.answeredAt
      if (age < (entry.value === undefined ? absentMs : freshMs)) return entry.value
      if (entry.value !== undefined && age < staleMs) {
        // Whoever asks once the value is too old to serve gets to see the error.
        this.#ask(key, ask).catch(() => {})
        return entry.value
      }
    }
    try {
      return await this.#ask(key, ask)
    } catch (error) {
      if (entry !== undefined && clock.now() - entry.answeredAt < keptMs) return entry.value
      throw error
    }
  }

  #ask(key: Key, ask: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const asking = this.#asking.get(key)
    if (asking !== undefined) return asking
    const entry = this.#entries.get(key)
    if (entry !== undefined && this.#options.clock.now() - entry.triedAt < this.#options.retryMs) {
      return entry.failure ? Promise.reject(entry.failure.error) : Promise.resolve(entry.value)
    }
    const answer = this.#settle(key, ask).finally(() => this.#asking.delete(key))
    this.#asking.set(key, answer)
    return answer
  }

  async #settle(key: Key, ask: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const { clock } = this.#options
    try {
      const value = await ask()
      const now = clock.now()
      this.#entries.set(key, { value, answeredAt: now, triedAt: now, failure: undefined })
      return value
    } catch (error) {
      const { value, answeredAt } = this.#entries.get(key) ?? { value: undefined, answeredAt: -Infinity }
      this.#entries.set(key, { value, answeredAt, triedAt: clock.now(), failure: { error } })
      throw error
    }
  }
}
