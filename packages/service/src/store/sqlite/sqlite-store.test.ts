import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, test } from 'node:test'
import { systemClock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import { storeContract } from '../contract/store-contract.ts'
import { EngineStore } from '../engine-store.ts'
import type { Store } from '../store.ts'
import { openDatabase } from './open-database.ts'
import { SqliteEngine } from './sqlite-engine.ts'
import { openSqliteStore } from './sqlite-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'parley-sqlite-'))
after(() => rmSync(folder, { recursive: true }))
let files = 0
const newFile = () => join(folder, `${files++}.sqlite`)

describe('the SQLite store', () => {
  storeContract(clock => openSqliteStore({ path: newFile(), clock }))

  const mute = (store: Store) =>
    store.transact({}, tx => {
      const rev = tx.nextRev()
      tx.appendLog({ did: 'did:plc:alice', rev, type: 'muteConvo', convoId: 1 })
      return rev
    })

  const fill = (store: Store) =>
    store.transact({}, tx => {
      for (let i = 0; i < 10_000; i++) {
        tx.appendLog({ did: 'did:plc:alice', rev: tx.nextRev(), type: 'muteConvo', convoId: 1 })
      }
    })

  test('what was acknowledged is there after opening again, and revs go on from it', async () => {
    const path = newFile()
    const first = openSqliteStore({ path, clock: { now: () => 2_000_000_000_000 } })
    const rev = await mute(first)
    await first.close()
    const second = openSqliteStore({ path, clock: { now: () => 1_000_000_000_000 } })
    assert.equal(await second.logHead('did:plc:alice'), rev)
    assert.ok((await mute(second)) > rev)
    await second.close()
  })

  test('a file that is open is refused to a second, and let go of when it is closed', async () => {
    const path = newFile()
    const first = openSqliteStore({ path, clock: systemClock })
    assert.throws(() => openSqliteStore({ path, clock: systemClock }), /another service has it open/)
    const rev = await mute(first)
    await first.close()
    const second = openSqliteStore({ path, clock: systemClock })
    assert.equal(await second.logHead('did:plc:alice'), rev)
    await second.close()
  })

  test('a file that is open is refused by any other name too', async () => {
    const [path, link] = [newFile(), newFile()]
    const first = openSqliteStore({ path, clock: systemClock })
    symlinkSync(path, link)
    assert.throws(
      () => openSqliteStore({ path: link, clock: systemClock }),
      /\d\.sqlite: another service has it open/,
    )
    await first.close()
  })

  test('two engines on one file hand out no rev twice', async () => {
    const path = newFile()
    const stores = [1, 2].map(
      () => new EngineStore(new SqliteEngine(openDatabase(path)), { now: () => 2_000_000_000_000 }),
    )
    const revs = await Promise.all(Array.from({ length: 20 }, (_, i) => mute(stores[i % 2]!)))
    assert.equal(new Set(revs).size, 20)
    for (const store of stores) await store.close()
  })

  test('an acknowledged change is on disk: write-ahead log, synced at every commit', () => {
    const db = openDatabase(newFile())
    const ask = (pragma: string) => Object.values(db.prepare(`pragma ${pragma}`).get()!)[0]
    assert.equal(ask('journal_mode'), 'wal')
    assert.equal(ask('synchronous'), 2)
    db.close()
  })

  test('a full disk refuses by name and stores nothing, and once there is room the next is taken', async () => {
    const db = openDatabase(newFile())
    const store = new EngineStore(new SqliteEngine(db), systemClock)
    await mute(store)
    const head = await store.logHead('did:plc:alice')
    db.exec(`pragma max_page_count = ${Object.values(db.prepare('pragma page_count').get()!)[0]}`)
    const isRefusal = (error: unknown) => error instanceof AppError && error.name === 'ServiceUnavailable'
    await assert.rejects(Promise.all(Array.from({ length: 300 }, () => mute(store))), isRefusal)
    const full = await store.logHead('did:plc:alice')
    await assert.rejects(fill(store), isRefusal)
    assert.equal(await store.logHead('did:plc:alice'), full)
    assert.ok(full >= head)
    db.exec('pragma max_page_count = 1000000')
    assert.ok((await mute(store)) > full)
    await store.close()
  })

  test('while another process holds the writer, all are refused by name and together', async () => {
    const path = newFile()
    const store = openSqliteStore({ path, clock: systemClock })
    const other = new DatabaseSync(path)
    other.exec('begin immediate')
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => mute(store)))
    for (const result of results) {
      assert.ok(result.status === 'rejected' && result.reason instanceof AppError)
      assert.equal(result.reason.name, 'ServiceUnavailable')
    }
    assert.equal(new Set(results.map(result => result.status === 'rejected' && result.reason)).size, 1)
    other.exec('rollback')
    other.close()
    await mute(store)
    await store.close()
  })

  test('one work that breaks the database’s rules fails alone, and as the bug it is', async () => {
    const store = openSqliteStore({ path: newFile(), clock: systemClock })
    const twice = store.transact({}, tx => {
      const row = { did: 'did:plc:alice', rev: tx.nextRev(), type: 'muteConvo', convoId: 1 } as const
      tx.appendLog(row)
      tx.appendLog(row)
    })
    const [before, broken, after] = await Promise.allSettled([mute(store), twice, mute(store)])
    assert.equal(before.status, 'fulfilled')
    assert.ok(broken.status === 'rejected' && !(broken.reason instanceof AppError))
    assert.equal(after.status, 'fulfilled')
    assert.equal((await store.log('did:plc:alice', { after: 0, limit: 10 })).length, 2)
    await store.close()
  })

  test('a file that is no database is named', () => {
    const path = newFile()
    writeFileSync(path, 'a text of some length, which is no database at all\n'.repeat(20))
    assert.throws(() => openSqliteStore({ path, clock: systemClock }), { message: new RegExp(path) })
  })

  test('a database from before the first release is left alone, and says so', () => {
    const path = newFile()
    const db = new DatabaseSync(path)
    db.exec('pragma user_version = 1')
    db.close()
    assert.throws(() => openSqliteStore({ path, clock: systemClock }), /before the first release/)
  })

  test('a database of a newer version is left alone', () => {
    const path = newFile()
    const db = new DatabaseSync(path)
    db.exec('pragma user_version = 99')
    db.close()
    assert.throws(() => openSqliteStore({ path, clock: systemClock }), /newer Parley/)
  })
})
