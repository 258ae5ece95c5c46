import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Contestant, contest, isDisturbed, medianOf, type Run, ratioOf } from './contest.ts'

function run(perSec: number, otherCpu = 0): Run {
  return {
    answered: perSec,
    elapsedMs: 1000,
    perSec,
    p50Ms: 1,
    p99Ms: 1,
    maxMs: 1,
    clientCpu: 0,
    serverCpu: 1,
    otherCpu,
    writtenBytesPerCall: 0,
  }
}

describe('a contest', () => {
  test('compares runs of one round, so that a slow hour for both changes nothing', () => {
    assert.equal(ratioOf([run(800), run(80), run(400)], [run(100), run(10), run(50)]), 8)
  })

  test('leaves out what others have disturbed, as long as there is something quieter', () => {
    assert.equal(ratioOf([run(800), run(90, 1)], [run(100), run(90)]), 8)
    assert.equal(
      medianOf([run(100), run(7, 1), run(5, 1)], one => one.perSec),
      100,
    )
    assert.equal(
      medianOf([run(7, 1), run(5, 1)], one => one.perSec),
      6,
    )
    assert.ok(isDisturbed([run(7, 1), run(5, 1)]))
    assert.ok(!isDisturbed([run(100), run(5, 1)]))
  })

  test('warms each contestant up, lets them take turns, and gives them tokens enough for what they did before', async () => {
    const turns: string[] = []
    const tokens: number[] = []
    const contestants = ['fast', 'slow'].map((name): Contestant => {
      return {
        name,
        pids: [],
        async prepare({ label, requestsMax }) {
          turns.push(`${name} ${label}`)
          if (name === 'fast') tokens.push(requestsMax)
        },
        run: async () => ({ ...run(4000), refused: {}, sent: [{ pair: 0, id: name }] }),
      }
    })
    const sent: string[] = []
    const discipline = { inFlight: 10, durationMs: 2000, rounds: 2 }
    const runs = await contest(contestants, discipline, (name, ids) => {
      sent.push(...ids.map(({ id }) => `${name} ${id}`))
    })
    const expected = ['fast warm-up', 'fast run 0', 'slow warm-up', 'slow run 1', 'slow run 2', 'fast run 3']
    assert.deepEqual(turns, expected)
    assert.deepEqual(tokens, [3010, 12_010, 12_010])
    assert.deepEqual(
      [...runs.values()].map(all => all.length),
      [2, 2],
    )
    assert.equal(sent.length, 6)
  })
})
