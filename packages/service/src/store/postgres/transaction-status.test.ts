import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Did } from '@atcute/lexicons/syntax'
import { startPostgres } from '@parley/testing/postgres.ts'
import { systemClock } from '../../clock.ts'
import type { Tid } from '../../tid.ts'
import { readAddress } from './address.ts'
import { PostgresSql } from './postgres-sql.ts'
import { openPostgresStore } from './postgres-store.ts'
import { ReadConnections } from './read-connections.ts'
import { statusOf } from './transaction-status.ts'

const did: Did = 'did:plc:alice'

describe('a transaction whose end was not heard of', () => {
  const held = new AsyncDisposableStack()
  let sql: PostgresSql
  let rev: Tid
  before(async () => {
    const postgres = held.use(await startPostgres())
    const address = await postgres.createDatabase()
    const store = await openPostgresStore({ address, clock: systemClock })
    held.defer(() => store.close())
    const connections = new ReadConnections(readAddress(address), 1)
    held.defer(() => connections.close())
    sql = new PostgresSql(connections)
    rev = await store.transact({ accounts: [did] }, tx => {
      const next = tx.nextRev()
      tx.appendLog({ did, rev: next, type: 'muteConvo', convoId: 1 })
      return next
    })
  })
  after(() => held.disposeAsync())

  /** The number of one that is committed. */
  async function numberOf(text: string): Promise<string> {
    const [row] = await sql.all<{ id: string }>(text, [])
    return row!.id
  }

  test('is committed where its row is there', async () => {
    const transactionId = await numberOf('select xmin::text as id from log')
    assert.equal(await statusOf(sql, { transactionId, proof: { did, rev } }), 'committed')
  })

  test('is not where its number is committed and its row is another’s, or nobody’s: a crash has given out the number again', async () => {
    const transactionId = await numberOf('select pg_current_xact_id()::text as id')
    assert.equal(await statusOf(sql, { transactionId, proof: { did, rev } }), 'aborted')
    assert.equal(await statusOf(sql, { transactionId, proof: { did, rev: rev + 1 } }), 'aborted')
  })

  test('is of unknown end where it left no row to look for', async () => {
    const transactionId = await numberOf('select pg_current_xact_id()::text as id')
    assert.equal(await statusOf(sql, { transactionId, proof: undefined }), undefined)
  })
})
