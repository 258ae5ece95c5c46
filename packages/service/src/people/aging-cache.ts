import { LRUCache } from 'lru-cache'
import { boundedCache } from '../bounded-cache.ts'
import type { Clock } from '../clock.ts'

export interface AgingCacheOptions<Value> {
  clock: Clock
  /** Of values. */
  entriesMax: number
  /** Bounds the values by their size together. Default: their number only. */
  size?: { bytesMax: number; bytesOf: (value: Value) => number }
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

/** For whoever can do with less than the newest answer. A value of any kept age then counts as stale, not as too old. */
export interface Leniency {
  /** A value younger than this is served as it is. */
  freshMs: number
  /** How long an answer is waited for, from when the source was asked; then what is kept stands in. */
  waitMs: number
}

/** Of questions without an answer: one that failed keeps its error, 2.5 KB, and strangers can ask any number. */
const blanksMax = 5_000

interface Entry<Value> {
  /** The last answer; `undefined` where there is none, or none yet. */
  value: Value | undefined
  /** When that was; `-Infinity` where every attempt failed. */
  answeredAt: number
  triedAt: number
  /** Whether the source has said since that it would answer otherwise now. */
  outdated: boolean
  /** Why the last attempt failed. */
  failure: { error: unknown } | undefined
}

interface Asking<Value> {
  answer: Promise<Value | undefined>
  since: number
}

/**
 * Answers of a source that is slow and sometimes away, kept by age: fresh, then stale, then only better than nothing.
 * One question is asked of the source once at a time.
 */
export class AgingCache<Key extends string, Value extends object> {
  readonly #options: AgingCacheOptions<Value>
  readonly #values: LRUCache<Key, Entry<Value>>
  /** Questions without an answer. Those of strangers must not push out what there is. */
  readonly #blanks: LRUCache<Key, Entry<Value>>
  readonly #asking = new Map<Key, Asking<Value>>()

  constructor(options: AgingCacheOptions<Value>) {
    this.#options = options
    const { entriesMax, size } = options
    this.#values =
      size === undefined
        ? boundedCache(entriesMax)
        : new LRUCache({
            max: entriesMax,
            maxSize: size.bytesMax,
            sizeCalculation: ({ value }) => size.bytesOf(value!),
          })
    this.#blanks = boundedCache(blanksMax)
  }

  /**
   * The value of `key`, from `ask` where none is kept that is young enough. `refresh` asks even where one is.
   * Throws what `ask` throws where nothing kept can stand in, and where that took longer than `lenient` waits.
   */
  async get(
    key: Key,
    ask: () => Promise<Value | undefined>,
    { refresh = false, lenient }: { refresh?: boolean; lenient?: Leniency } = {},
  ): Promise<Value | undefined> {
    const { clock, keptMs, absentMs } = this.#options
    const freshMs = lenient?.freshMs ?? this.#options.freshMs
    const staleMs = lenient ? keptMs : this.#options.staleMs
    const entry = this.#entry(key)
    if (entry !== undefined && !refresh) {
      const age = entry.outdated ? Infinity : this.#age(entry.answeredAt)
      if (age < (entry.value === undefined ? absentMs : freshMs)) return entry.value
      if (entry.value !== undefined && age < staleMs) {
        // Whoever asks once the value is too old to serve gets to see the error.
        this.#ask(key, ask).catch(() => {})
        return entry.value
      }
    }
    try {
      const answer = this.#ask(key, ask)
      return await (lenient ? inTime(answer, this.#waitLeft(key, lenient.waitMs)) : answer)
    } catch (error) {
      if (entry !== undefined && clock.now() - entry.answeredAt < keptMs) return entry.value
      throw error
    }
  }

  /** What is kept of `key` stands in where no newer answer can be had, and counts no more where one can. */
  outdate(key: Key): void {
    const entry = this.#entry(key)
    if (entry) Object.assign(entry, { outdated: true, triedAt: -Infinity })
    // What is on its way may have been said before the change.
    const again = () => this.outdate(key)
    this.#asking.get(key)?.answer.then(again, again)
  }

  #ask(key: Key, ask: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const asking = this.#asking.get(key)
    if (asking !== undefined) return asking.answer
    const entry = this.#entry(key)
    if (entry !== undefined && this.#age(entry.triedAt) < this.#options.retryMs) {
      return entry.failure ? Promise.reject(entry.failure.error) : Promise.resolve(entry.value)
    }
    const answer = this.#settle(key, ask).finally(() => this.#asking.delete(key))
    this.#asking.set(key, { answer, since: this.#options.clock.now() })
    return answer
  }

  /** Nothing where the source failed lately: while it is away, one wait for it is enough. */
  #waitLeft(key: Key, waitMs: number): number {
    const { clock, absentMs } = this.#options
    const entry = this.#entry(key)
    if (entry?.failure && this.#age(entry.triedAt) < absentMs) return 0
    return Math.max(0, waitMs - this.#age(this.#asking.get(key)?.since ?? clock.now()))
  }

  /** A moment that is still to come is from before the clock was set back: nobody knows how long ago it was. */
  #age(moment: number): number {
    const ms = this.#options.clock.now() - moment
    return ms < 0 ? Infinity : ms
  }

  #entry(key: Key): Entry<Value> | undefined {
    return this.#values.get(key) ?? this.#blanks.get(key)
  }

  #keep(key: Key, entry: Entry<Value>): void {
    const [into, from] =
      entry.value === undefined ? [this.#blanks, this.#values] : [this.#values, this.#blanks]
    from.delete(key)
    into.set(key, entry)
  }

  async #settle(key: Key, ask: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const { clock } = this.#options
    try {
      const value = await ask()
      const now = clock.now()
      this.#keep(key, { value, answeredAt: now, triedAt: now, outdated: false, failure: undefined })
      return value
    } catch (error) {
      const { value, answeredAt, outdated } = this.#entry(key) ?? {
        value: undefined,
        answeredAt: -Infinity,
        outdated: false,
      }
      this.#keep(key, { value, answeredAt, triedAt: clock.now(), outdated, failure: { error } })
      throw error
    }
  }
}

async function inTime<Answer>(answer: Promise<Answer>, waitMs: number): Promise<Answer> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('no answer in time')), waitMs)
  try {
    return await Promise.race([answer, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
