import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readMoment, timeOf } from '../src/output/time.ts'

const nowMs = Date.parse('2026-11-23T12:00:00Z')
const clock = { now: () => nowMs, random: () => 0, sleep: async () => {} }

describe('a moment', () => {
  const cases: [text: string, timeZone: string, moment: string][] = [
    ['2026-11-01', 'UTC', '2026-11-01T00:00:00.000Z'],
    ['2026-11-01', 'Asia/Tokyo', '2026-10-31T15:00:00.000Z'],
    ['2026-11-01', 'America/New_York', '2026-11-01T04:00:00.000Z'],
    ['2026-11-01T10:00', 'America/New_York', '2026-11-01T15:00:00.000Z'], // the clocks have gone back
    ['2026-03-29', 'Europe/Vienna', '2026-03-28T23:00:00.000Z'],
    ['2026-03-30', 'Europe/Vienna', '2026-03-29T22:00:00.000Z'],
    ['2026-11-01T10:00:30', 'Asia/Kathmandu', '2026-11-01T04:15:30.000Z'],
    ['2026-11-01T10:00Z', 'Asia/Tokyo', '2026-11-01T10:00:00.000Z'],
    ['2026-11-01T10:00+01:00', 'Asia/Tokyo', '2026-11-01T09:00:00.000Z'],
    ['6h', 'Asia/Tokyo', '2026-11-23T06:00:00.000Z'],
  ]
  for (const [text, timeZone, moment] of cases)
    test(`that is written ${text} in ${timeZone} is ${moment}`, () => {
      assert.equal(readMoment(text, { clock, timeZone }).toISOString(), moment)
    })

  test('that was read is shown as it was written', () => {
    for (const timeZone of [undefined, 'Pacific/Apia', 'America/Los_Angeles']) {
      const date = readMoment('2026-06-01T10:30', { clock, timeZone })
      assert.equal(timeOf(date, { clock, timeZone }), '2026-06-01 10:30')
    }
  })

  test('that is none is refused', () => {
    for (const text of ['soon', '2026-13-01', '2026-02-31T25:00'])
      assert.throws(() => readMoment(text, { clock, timeZone: 'UTC' }), /is no moment/)
  })
})
