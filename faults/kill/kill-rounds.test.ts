import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startDatabase } from './databases.ts'
import { type KillPlan, killRounds } from './kill-rounds.ts'

/** `npm run faults -- kill` does the same for longer. */
async function assertUnharmed(engine: string, plan: Omit<KillPlan, 'database'>): Promise<void> {
  await using database = await startDatabase(engine)
  const { address, disturb } = database
  const result = await killRounds({ database: address, disturb, ...plan })
  assert.deepEqual(result.flaws.slice(0, 20), [], `history and final state: ${result.folder}`)
  assert.ok(result.acknowledged > 0, 'nothing was sent')
  if (plan.signal === undefined) assert.ok(result.unanswered > 0, 'the kills hit nothing')
  result.forget()
}

test('a dozen kills -9 of a service on SQLite lose nothing and double nothing', () =>
  assertUnharmed('sqlite', { rounds: 12, seed: 4 }))

test('two services on one SQLite file keep every promise while either is killed', () =>
  assertUnharmed('sqlite', { rounds: 6, seed: 5, processes: 2 }))

test('a service that is told to stop under load ends well and leaves nothing behind', () =>
  assertUnharmed('sqlite', { rounds: 4, seed: 6, signal: 'SIGTERM' }))
