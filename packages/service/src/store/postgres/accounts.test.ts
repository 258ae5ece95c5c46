import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Did } from '@atcute/lexicons/syntax'
import type { Sql } from '../sql/sql.ts'
import { PostgresAccounts } from './accounts.ts'

const dids: readonly Did[] = ['did:plc:a', 'did:plc:b', 'did:plc:c', 'did:plc:d', 'did:plc:e']

/** A table of accounts whose uids are their places, from 1 on. */
const table: Pick<Sql, 'all'> = {
  async all<Row>(_text: string, [asked]: readonly unknown[]) {
    const rows = dids.map((did, i) => ({ did, uid: i + 1 }))
    return rows.filter(({ did, uid }) =>
      (asked as unknown[]).some(one => one === did || one === uid),
    ) as Row[]
  },
}

const cachedAccounts = () => new PostgresAccounts(table as Sql, 4)

test('an account that was known longest is not forgotten for the sake of those asked for beside it', async () => {
  const accounts = cachedAccounts()
  await accounts.meet([1, 2, 3, 4])
  await accounts.meet([1, 5])
  assert.deepEqual(
    [1, 5].map(uid => accounts.did(uid)),
    [dids[0], dids[4]],
  )
})

test('nor is its number', async () => {
  const accounts = cachedAccounts()
  await accounts.findAll(dids.slice(0, 4))
  assert.deepEqual(await accounts.findAll([dids[0]!, dids[4]!]), [1, 5])
  await accounts.intern([dids[1]!, dids[4]!, dids[2]!])
  assert.deepEqual(
    [1, 4, 2].map(i => accounts.uid(dids[i]!)),
    [2, 5, 3],
  )
})
