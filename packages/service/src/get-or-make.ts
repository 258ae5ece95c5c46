/** What a Map and a WeakMap share. */
interface Keeps<K, V> {
  get(key: K): V | undefined
  set(key: K, value: V): unknown
}

/** The value under `key`, made and kept where there is none yet. */
export function getOrMake<K, V>(map: Keeps<K, V>, key: K, make: () => V): V {
  const present = map.get(key)
  if (present !== undefined) return present
  const made = make()
  map.set(key, made)
  return made
}
