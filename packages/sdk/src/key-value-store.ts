/** Where a bot keeps what must outlive it. Values are what JSON can say. */
export interface KeyValueStore {
  get(key: string): Promise<unknown>
  set(key: string, value: unknown): Promise<void>
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
