import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatTid, parseCursor, parseTid, tidAt, tidTime } from './tid.ts'

const samples = [
  0,
  1,
  31,
  32,
  2 ** 25 - 1,
  2 ** 25,
  tidAt(1_763_800_000_123),
  tidAt(1_763_800_000_123) + 7,
  2 ** 53 - 1,
]

test('a tid survives the way to text and back', () => {
  for (const tid of samples) assert.equal(parseTid(formatTid(tid)), tid)
})

test('texts are 13 characters and sort as the numbers do', () => {
  const texts = samples.map(formatTid)
  assert.ok(texts.every(text => text.length === 13))
  assert.deepEqual([...texts].sort(), texts)
})

test('zero is the zero cursor of the protocol', () => {
  assert.equal(formatTid(0), '2222222222222')
})

test('the moment of a tid is its millisecond', () => {
  assert.equal(tidTime(tidAt(1_763_800_000_123) + 999), new Date(1_763_800_000_123).toISOString())
})

test('what is not a tid is refused', () => {
  for (const text of [
    '',
    'x',
    '222222222222',
    '22222222222222',
    'zzzzzzzzzzzzz',
    '2222222222221',
    '222222222222-',
  ])
    assert.equal(parseTid(text), undefined)
})

test('a cursor with a foreign clock id compares as its text does', () => {
  const tid = tidAt(1_763_800_000_123)
  const foreign = `${formatTid(tid).slice(0, 11)}2a`
  const cursor = parseCursor(foreign)!
  for (const other of [tid - 1, tid, tid + 1]) {
    assert.equal(other > cursor.after, formatTid(other) > foreign)
    assert.equal(other < cursor.before, formatTid(other) < foreign)
  }
  assert.equal(parseTid(foreign), undefined)
})

test('the highest cursor is above everything and still a safe integer', () => {
  const cursor = parseCursor('jzzzzzzzzzzzz')!
  assert.ok(Number.isSafeInteger(cursor.before))
  assert.ok(cursor.after > tidAt(4_000_000_000_000))
})
