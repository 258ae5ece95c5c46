import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, test } from 'node:test'
import { systemClock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import { storeContract } from '../contract/store-contract.ts'
import { openSqliteStore } from './sqlite-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'parley-sqlite-'))
after(() => rmSync(folder, { recursive: true }))
let files = 0
const newFile = () => join(folder, `${files++}.sqlite`)

describe('the SQLite store', () => {
  storeContract(clock => openSqliteStore({ path: newFile(), clock }))

  const mute = (store: ReturnType<typeof openSqliteStore>) =>
    store.transact({}, tx => {
      const rev = tx.nextRev()
      tx.appendLog({ did: 'did:plc:alice', rev, type: 'muteConvo', convoId: 1 })
      return rev
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

  test('two openings of one file hand out no rev twice', async () => {
    const path = newFile()
    const stores = [1, 2].map(() => openSqliteStore({ path, clock: { now: () => 2_000_000_000_000 } }))
    const revs = await Promise.all(Array.from({ length: 20 }, (_, i) => mute(stores[i % 2]!)))
    assert.equal(new Set(revs).size, 20)
    for (const store of stores) await store.close()
  })

  test('an acknowledged change is synced to disk', () => {
    const path = newFile()
    const store = openSqliteStore({ path, clock: systemClock })
    const db = new DatabaseSync(path)
    assert.deepEqual({ ...db.prepare('pragma journal_mode').get() }, { journal_mode: 'wal' })
    db.close()
    return store.close()
  })

  test('a database that does not take the change refuses by name, and takes the next', async () => {
    const path = newFile()
    const store = openSqliteStore({ path, clock: systemClock })
    const db = new DatabaseSync(path)
    db.exec(`create trigger full before insert on log begin select raise(abort, 'disk is full'); end`)
    await assert.rejects(
      mute(store),
      error => error instanceof AppError && error.name === 'ServiceUnavailable',
    )
    db.exec('drop trigger full')
    db.close()
    await mute(store)
    await store.close()
  })

  test('a database of a newer version is left alone', () => {
    const path = newFile()
    const db = new DatabaseSync(path)
    db.exec('pragma user_version = 99')
    db.close()
    assert.throws(() => openSqliteStore({ path, clock: systemClock }), /newer Parley/)
  })
})
