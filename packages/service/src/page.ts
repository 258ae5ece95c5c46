import { formatTid, type Tid } from './tid.ts'

/** A page of rows, and the cursor of the next where there is one. */
export interface Page<Row> {
  shown: Row[]
  next: { cursor?: string }
}

/** `rows` are one more than `limit` where there are so many: a page that is full may still be the last. */
export function cutPage<Row>(rows: readonly Row[], limit: number, tidOf: (row: Row) => Tid): Page<Row> {
  const shown = rows.slice(0, limit)
  return { shown, next: rows.length > limit ? { cursor: formatTid(tidOf(shown.at(-1)!)) } : {} }
}
