import assert from 'node:assert/strict'
import { test } from 'node:test'
import { breakages } from './breakages.ts'
import { MemoryDatabase } from './database/memory-database.ts'
import { SqliteDatabase } from './database/sqlite-database.ts'
import { makePlan } from './plan/plan.ts'
import { simulate } from './simulate.ts'

/** The simulation finds what it is there to find: a service broken in each of these ways, within one plan. */
const seed = 4
const steps = 500

for (const [name, breakage] of Object.entries(breakages)) {
  test(`a service that ${name} is found`, async t => {
    const open = () => (name.includes('file') ? new SqliteDatabase() : new MemoryDatabase())
    const { failure } = await simulate(makePlan({ seed, steps }), { seed, open, breakage: breakage() })
    assert.ok(failure)
    t.diagnostic(`step ${failure.step}: ${failure.what}`)
  })
}
