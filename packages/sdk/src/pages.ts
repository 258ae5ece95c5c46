interface Page {
  cursor?: string | undefined
}

/** How something that comes in pages is asked for. */
export interface PagingOptions {
  /** Rows that are asked for at a time, 1 to 100. Default 50. */
  pageSize?: number
  /** Gives the paging up: the next step throws `aborted`. */
  signal?: AbortSignal
}

/** Pages one after the other, as they are wanted. An empty page is no end; a cursor that stands still is. */
export async function* pages<P extends Page>(
  ask: (cursor: string | undefined) => Promise<P>,
): AsyncGenerator<P> {
  let cursor: string | undefined
  for (;;) {
    const page = await ask(cursor)
    yield page
    if (page.cursor === undefined || page.cursor === cursor) return
    cursor = page.cursor
  }
}
