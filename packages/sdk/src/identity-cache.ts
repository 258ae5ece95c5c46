import { type Clock, systemClock } from './clock.ts'

/**
 * Where answers about identities are kept. Values are plain JSON. One that fails is no cache for that lookup, not an
 * error of it.
 */
export interface IdentityCache {
  /** What is kept and has not run out; `undefined` of anything else. */
  get(key: string): Promise<unknown>
  /** Keeps a value for `ttlMs` milliseconds. */
  set(key: string, value: unknown, ttlMs: number): Promise<void>
}

/** How much is kept. */
export interface MemoryIdentityCacheOptions {
  /** The least recently used entry makes room for one more. Default 1000. */
  entriesMax?: number
  clock?: Clock
}

/** Keeps identities as long as the program runs. */
export function memoryIdentityCache(options: MemoryIdentityCacheOptions = {}): IdentityCache {
  const { entriesMax = 1000, clock = systemClock } = options
  /** A Map keeps the order of insertion: the first key is the one used longest ago. */
  const entries = new Map<string, { value: unknown; staleAtMs: number }>()
  return {
    get: async key => {
      const entry = entries.get(key)
      if (!entry) return undefined
      entries.delete(key)
      if (entry.staleAtMs <= clock.now()) return undefined
      entries.set(key, entry)
      return entry.value
    },
    set: async (key, value, ttlMs) => {
      entries.delete(key)
      entries.set(key, { value, staleAtMs: clock.now() + ttlMs })
      const [oldest] = entries.keys()
      if (entries.size > entriesMax && oldest !== undefined) entries.delete(oldest)
    },
  }
}
