import { LRUCache } from 'lru-cache'

/**
 * Keeps at most `entriesMax` values, those that were asked for last. Takes memory for what is in it; told a `max`, the
 * library would set room aside for all from the start, and there are a dozen of these.
 */
export function boundedCache<Key extends {}, Value extends {}>(entriesMax: number): LRUCache<Key, Value> {
  return new LRUCache({ maxSize: entriesMax, sizeCalculation: () => 1 })
}
