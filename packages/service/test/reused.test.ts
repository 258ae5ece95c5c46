import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspectedSqlite } from './inspected.ts'
import { inspectedPostgres } from './inspected-postgres.ts'
import { emptying } from './reused.ts'

/** What engines remember; of it only numbers stay as they are. */
const kept = ['account', 'account_head', 'mod_event_head', 'parley_version']

for (const [engine, inspect, catalogue] of [
  ['SQLite', inspectedSqlite, "select name from sqlite_master where type = 'table'"],
  ['PostgreSQL', inspectedPostgres, "select tablename as name from pg_tables where schemaname = 'public'"],
] as const) {
  test(`what is used again is emptied of all tables there are (${engine})`, async () => {
    const { select, open } = await inspect()
    const tables = await select<{ name: string }>(catalogue)
    const left = tables
      .map(({ name }) => name)
      .filter(name => !kept.includes(name) && !emptying.includes(`delete from ${name};`))
    assert.ok(tables.length > kept.length)
    assert.deepEqual(left, [])
    await open({ now: () => 0 }).close()
  })
}
