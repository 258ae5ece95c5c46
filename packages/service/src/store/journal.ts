/** Changes of maps, sets and lists that can be taken back, the last one first. */
export class Journal {
  #undo: (() => void)[] = []

  /** What was changed so far stays. */
  begin(): void {
    this.#undo = []
  }

  takeBack(): void {
    for (const undo of this.#undo.reverse()) undo()
    this.#undo = []
  }

  set<K, V>(map: Map<K, V>, key: K, value: V): void {
    const existed = map.has(key)
    const before = map.get(key)
    map.set(key, value)
    this.#undo.push(() => (existed ? map.set(key, before as V) : map.delete(key)))
  }

  delete<K, V>(map: Map<K, V>, key: K): void {
    const before = map.get(key)
    if (map.delete(key)) this.#undo.push(() => map.set(key, before as V))
  }

  push<V>(list: V[], value: V): void {
    list.push(value)
    this.#undo.push(() => list.pop())
  }
}
