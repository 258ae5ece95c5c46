import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startPostgres } from '@parley/testing/postgres.ts'
import { systemClock } from '../../clock.ts'
import { addMessage, alice, bob, carla, withConvo, withGroup } from '../contract/given.ts'
import { EngineStore } from '../engine-store.ts'
import { readAddress } from './address.ts'
import { connect } from './driver.ts'
import { openPostgresEngine } from './postgres-store.ts'

/** Of one row, and always found whole. */
const single = ['mod_event_head', 'parley_version']

test('in a database that nobody has analyzed no table is read whole, by reads and commits alike', async () => {
  await using postgres = await startPostgres()
  const address = await postgres.createDatabase()
  const sql = connect(readAddress(address))
  await sql.unsafe('alter system set autovacuum = off')
  await sql.unsafe('select pg_reload_conf()')
  // Making the indexes reads the tables, too.
  await (await openPostgresEngine(address)).close()
  const others =
    'select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()'
  const alone = async () => {
    for (let tries = 0; (await sql.unsafe(others)).length > 0; tries++) assert.ok(tries < 10_000)
  }
  await alone()
  await sql.unsafe('select pg_stat_reset()')
  const store = new EngineStore(await openPostgresEngine(address), systemClock)
  const { convoId } = await withConvo(store, ['one'])
  const group = await withGroup(store, [alice, bob])
  await store.transact({ convos: [convoId, group.id], unreadOf: [{ did: alice, limit: 10 }] }, tx => {
    const message = addMessage(tx, convoId, 'two')
    tx.putMember({ ...tx.member(convoId, bob)!, rev: message.id, lastMessage: message.id, unread: 1 })
    tx.addReaction({ convoId, messageId: message.id, sender: bob, value: '👍', rev: tx.nextRev() })
  })
  const memberships = [...(await store.memberships(alice, [convoId, group.id])).values()]
  assert.equal(memberships.length, 2)
  await store.overviews(memberships)
  for (const membership of memberships) await store.messages(membership, { limit: 50 })
  for (const unread of [true, false]) await store.listMemberships(bob, { limit: 50, unread })
  await store.allMemberships(alice, { after: 0, limit: 50 })
  await store.directMembership(alice, bob)
  await store.groupMembers(memberships.find(({ convo }) => convo.kind === 'group')!, { limit: 50 })
  await store.log(bob, { after: 0, limit: 50 })
  await store.account(carla)
  await store.disabledAmong([alice, bob])
  // A connection says what it has counted when it ends.
  await store.close()
  await alone()
  const tables = await sql.unsafe('select relname, seq_scan::int, idx_scan::int from pg_stat_user_tables')
  assert.ok(tables.some(({ relname, idx_scan }) => relname === 'reaction' && idx_scan > 0))
  const readWhole = tables.filter(({ relname, seq_scan }) => seq_scan > 0 && !single.includes(relname))
  assert.deepEqual(readWhole, [])
  await sql.end({ timeout: 0 })
})
