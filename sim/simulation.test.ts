import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Counts } from './counts.ts'
import type { Database } from './database/database.ts'
import { MemoryDatabase } from './database/memory-database.ts'
import { SqliteDatabase } from './database/sqlite-database.ts'
import { describeFound, explain } from './hunt.ts'
import { mustHappen } from './must-happen.ts'
import { makePlan, type PlannedDeed } from './plan/plan.ts'
import { type SimulateOptions, simulate } from './simulate.ts'

/** Some seeds, on every database; for longer runs: run.ts. */
const sqlite = (): Database => new SqliteDatabase()
const memory = (): Database => new MemoryDatabase()
const steps = 500
const happened = new Counts()

for (const [seed, name, open] of [
  [2, 'SQLite', sqlite],
  [4, 'SQLite', sqlite],
  [10, 'three processes on memory', memory],
] as const) {
  test(`what happens to seed ${seed} breaks no promise (${name})`, async () => {
    await assertHolds(makePlan({ seed, steps }), { seed, open })
  })
}

test('the same seed happens in the same way', async () => {
  const plan = makePlan({ seed: 5, steps: 150 })
  const [one, other] = [
    await simulate(plan, { seed: 5, open: sqlite }),
    await simulate(plan, { seed: 5, open: sqlite }),
  ]
  assert.deepEqual(one.counts.entries(), other.counts.entries())
  assert.equal(one.virtualMs, other.virtualMs)
  const another = await simulate(plan, { seed: 6, open: sqlite })
  assert.notDeepEqual(another.counts.entries(), one.counts.entries())
})

after(() => {
  const missing = mustHappen.filter(what => happened.of(what) === 0)
  assert.deepEqual(missing, [], 'a run that has not had these shows nothing about them')
})

async function assertHolds(plan: readonly PlannedDeed[], options: SimulateOptions): Promise<void> {
  const { counts, failure } = await simulate(plan, options)
  happened.addAll(counts)
  if (failure) assert.fail(describeFound(await explain(plan, failure, options), options.seed))
}
