import { setTimeout } from 'node:timers/promises'
import type { Sql } from '../sql/sql.ts'

/** A backend that has lost its client is still at work for a moment; a server that starts again takes a few seconds. */
const waits = [10, 50, 100, 250, 500, 1000, 2000]

/** What became of a transaction whose end was not heard of: `undefined` where the database cannot be asked. */
export async function statusOf(
  sql: Sql,
  transactionId: string,
): Promise<'committed' | 'aborted' | undefined> {
  for (const waitMs of waits) {
    await setTimeout(waitMs)
    try {
      const [row] = await sql.all<{ status: string | null }>(
        'select pg_xact_status($1::text::xid8) as status',
        [transactionId],
      )
      if (row?.status === 'committed' || row?.status === 'aborted') return row.status
    } catch {
      // It is not back yet.
    }
  }
  return undefined
}
