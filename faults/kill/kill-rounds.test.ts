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

test('a service that is told to stop under load ends well and leaves nothing behind', () =>
  assertUnharmed('sqlite', { rounds: 4, seed: 6, signal: 'SIGTERM' }))

test('a dozen kills -9 of a service and of its PostgreSQL lose nothing and double nothing', () =>
  assertUnharmed('postgres', { rounds: 12, seed: 7 }))

test('two services on one PostgreSQL keep every promise while either is killed, and the server too', () =>
  assertUnharmed('postgres', { rounds: 9, seed: 8, processes: 2 }))
