import assert from 'node:assert/strict'
import { test } from 'node:test'
import { together } from './together.ts'

function double() {
  const calls: number[][] = []
  const ask = together(3, async (keys: number[]) => {
    calls.push(keys)
    if (keys.includes(0)) throw new Error('zero')
    return new Map(keys.filter(key => key < 100).map(key => [key, key * 2]))
  })
  return { ask, calls }
}

test('keys asked for in one turn go out together, at most as many as allowed', async () => {
  const { ask, calls } = double()
  assert.deepEqual(await Promise.all([1, 2, 3, 4, 100].map(ask)), [2, 4, 6, 8, undefined])
  assert.deepEqual(calls, [
    [1, 2, 3],
    [4, 100],
  ])
  assert.equal(await ask(5), 10)
  assert.deepEqual(calls[2], [5])
})

test('a call that fails fails for its keys and for no other', async () => {
  const { ask } = double()
  const outcomes = await Promise.allSettled([1, 0, 2, 3].map(ask))
  assert.deepEqual(
    outcomes.map(outcome => outcome.status),
    ['rejected', 'rejected', 'rejected', 'fulfilled'],
  )
})
