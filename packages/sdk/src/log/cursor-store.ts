/** Where a stream of events remembers how far it has come. */
export interface CursorStore {
  /** `undefined` where nothing was kept yet. */
  load(): Promise<string | undefined>
  /** Resolves when it would survive the end of the process. */
  save(cursor: string): Promise<void>
}

/** Forgets with the process: a stream that begins anew from the same store goes on where the last one ended. */
export function memoryCursorStore(cursor?: string): CursorStore {
  let kept = cursor
  return {
    load: async () => kept,
    save: async cursor => {
      kept = cursor
    },
  }
}
