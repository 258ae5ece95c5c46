import { setTimeout } from 'node:timers/promises'
import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../../tid.ts'
import type { Sql } from '../sql/sql.ts'

/** A backend that has lost its client is still at work for a moment; a server that starts again takes a few seconds. */
const waits = [10, 50, 100, 250, 500, 1000, 2000]

/** A transaction whose end was not heard of. */
export interface Doubted {
  transactionId: string
  /** Of a log row that it wrote, where it wrote any. */
  proof: { did: Did; rev: Tid } | undefined
}

/**
 * What became of it: `undefined` where that cannot be told. The number alone does not tell: a server that crashes gives
 * out again those of transactions that it had not written down, so one that is `committed` may be somebody else's. Ours
 * is the one that left our row.
 */
export async function statusOf(
  sql: Sql,
  { transactionId, proof }: Doubted,
): Promise<'committed' | 'aborted' | undefined> {
  for (const waitMs of waits) {
    await setTimeout(waitMs)
    try {
      const [row] = await sql.all<{ status: string | null }>(
        'select pg_xact_status($1::text::xid8) as status',
        [transactionId],
      )
      if (row?.status === 'aborted') return 'aborted'
      // Only then: a statement does not see what is committed while it runs.
      if (row?.status === 'committed')
        return proof && ((await isThere(sql, transactionId, proof)) ? 'committed' : 'aborted')
    } catch {
      // It is not back yet, or has forgotten the number and not given it out again.
    }
  }
  return undefined
}

async function isThere(sql: Sql, transactionId: string, { did, rev }: NonNullable<Doubted['proof']>) {
  const rows = await sql.all(
    `select 1 as there from log join account on account.uid = log.account
     where account.did = $2 and log.rev = $3 and log.xmin = $1::text::xid8::xid`,
    [transactionId, did, rev],
  )
  return rows.length > 0
}
