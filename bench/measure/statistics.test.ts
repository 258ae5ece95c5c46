import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { interleaved, median, quantile } from './statistics.ts'

describe('the statistics', () => {
  test('take the middle one, and the mean of the two in the middle', () => {
    assert.equal(median([9, 1, 5]), 5)
    assert.equal(median([9, 1, 5, 7]), 6)
    assert.equal(median([3]), 3)
    assert.ok(Number.isNaN(median([])))
  })

  test('take the value that a share of all does not exceed', () => {
    const hundred = Float64Array.from({ length: 100 }, (_, index) => 100 - index)
    assert.equal(quantile(hundred, 0.5), 50)
    assert.equal(quantile(hundred, 0.99), 99)
    assert.equal(quantile(hundred, 1), 100)
    assert.equal(quantile([7], 0.99), 7)
    assert.ok(Number.isNaN(quantile([], 0.5)))
  })

  test('give every contestant as many turns, there and back', () => {
    assert.deepEqual(interleaved(['a', 'b', 'c'], 2), ['a', 'b', 'c', 'c', 'b', 'a'])
    assert.deepEqual(interleaved(['a', 'b'], 3), ['a', 'b', 'b', 'a', 'a', 'b'])
  })
})
