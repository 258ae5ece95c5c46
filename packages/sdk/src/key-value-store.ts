/** Where a bot keeps what must outlive it. Values are what JSON can say. */
export interface KeyValueStore {
  /** `undefined` where nothing is kept. */
  get(key: string): Promise<unknown>
  /** Takes the place of what was kept. Resolves when it is kept. */
  set(key: string, value: unknown): Promise<void>
  /** Of what is not there it does nothing. */
  delete(key: string): Promise<void>
}

/** Forgets with the process. */
export function memoryKeyValueStore(): KeyValueStore {
  const values = new Map<string, string>()
  return {
    get: async key => {
      const text = values.get(key)
      return text === undefined ? undefined : JSON.parse(text)
    },
    set: async (key, value) => {
      values.set(key, JSON.stringify(value))
    },
    delete: async key => {
      values.delete(key)
    },
  }
}
