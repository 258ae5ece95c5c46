import assert from 'node:assert/strict'
import type { DatabaseSync } from 'node:sqlite'
import { after, describe, test } from 'node:test'
import { systemClock } from '../../clock.ts'
import { changeEverything, readEverything } from '../contract/everything.ts'
import { EngineStore } from '../engine-store.ts'
import { openDatabase } from './open-database.ts'
import { SqliteEngine } from './sqlite-engine.ts'

/** The newest row of the log by its primary key: a walk of one step, which SQLite calls a scan. */
const oneStep = 'select rev from log order by seq desc limit 1'

/** Every statement that a store prepares from now on. */
function recordStatements(db: DatabaseSync): Set<string> {
  const texts = new Set<string>()
  const prepare = db.prepare.bind(db)
  db.prepare = text => {
    texts.add(text)
    return prepare(text)
  }
  return texts
}

function planOf(db: DatabaseSync, text: string): { detail: string; isOutermost: boolean }[] {
  const rows = db.prepare(`explain query plan ${text}`).all()
  return rows.map(row => ({ detail: String(row.detail), isOutermost: row.parent === 0 }))
}

describe('statements of the SQLite store', () => {
  const db = openDatabase(':memory:')
  const statements = recordStatements(db)
  const store = new EngineStore(new SqliteEngine(db), systemClock)
  after(() => store.close())

  test('none walks through a whole table', async () => {
    await readEverything(store)
    await changeEverything(store)
    const texts = [...statements].filter(text => /^\s*(select|update|delete)/.test(text))
    assert.ok(texts.length > 50, `${texts.length} statements`)
    const scans = texts
      .filter(text => text !== oneStep)
      .flatMap(text => {
        const scanned = planOf(db, text).filter(({ detail }) =>
          /^SCAN (?!json_each|CONSTANT|listed)/.test(detail),
        )
        return scanned.map(({ detail }) => `${detail}: ${text}`)
      })
    assert.deepEqual(scans, [])
  })

  test('pages come in the order of an index, not sorted after all was read', () => {
    // Inside, the first members of a convo are sorted, which has a hundred at most.
    const paged = [...statements]
      .filter(text => /^\s*select.* order by .* limit/s.test(text))
      .filter(text => !text.includes('select * from member where convo = ?'))
    assert.ok(paged.length > 15, `${paged.length} statements`)
    const sorted = paged.flatMap(text => {
      const lines = planOf(db, text).filter(
        ({ detail, isOutermost }) => isOutermost && detail.startsWith('USE TEMP B-TREE'),
      )
      return lines.map(({ detail }) => `${detail}: ${text}`)
    })
    assert.deepEqual(sorted, [])
  })
})
