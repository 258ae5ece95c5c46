import assert from 'node:assert/strict'
import { test } from 'node:test'
import { killAndCount, type Victim } from './victim.ts'

test('what was promised and is gone is lost, and what is there twice is counted', async () => {
  let starts = 0
  const victim: Victim = {
    name: 'forgetful',
    sendUntilKilled: async () => [
      { pair: 0, id: 'a' },
      { pair: 0, id: 'b' },
      { pair: 1, id: 'c' },
    ],
    async startAgain() {
      starts += 1
    },
    // One that was never promised may be there: its answer was on its way.
    found: async pair => (pair === 0 ? ['a', 'a', 'never promised'] : ['c']),
    async [Symbol.asyncDispose]() {},
  }
  assert.deepEqual(await killAndCount(victim, 1), { promised: 3, lost: 1, twice: 1 })
  assert.equal(starts, 1)
})
