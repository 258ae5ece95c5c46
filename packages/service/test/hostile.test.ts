import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import type { Attack } from './hostile/attack.ts'
import { chapters, patience } from './hostile/chapters.ts'
import { documentUrl, hostileInputDocument } from './hostile/document.ts'
import { callOn, nsids, openWorld, type World } from './hostile/world.ts'

let world: World
let peakBytes = 0
const watch = setInterval(() => {
  peakBytes = Math.max(peakBytes, process.memoryUsage.rss())
}, 20)
before(async () => {
  world = await openWorld()
})
after(async () => {
  clearInterval(watch)
  await world[Symbol.asyncDispose]()
})

test('docs/hostile-input.md says what the tables say', () => {
  assert.equal(
    readFileSync(documentUrl, 'utf8'),
    hostileInputDocument(),
    'run node packages/service/test/hostile/write-document.ts',
  )
})

let grownFrom = 0

describe('whatever comes', { concurrency: true }, () => {
  before(() => {
    grownFrom = process.memoryUsage.rss()
  })
  describe('at once', { concurrency: 1 }, () => {
    for (const { title, attacks } of chapters) {
      describe(title, () => {
        for (const attack of attacks) test(attack.what, () => play(attack))
      })
    }
  })
  describe(patience.title, { concurrency: true }, () => {
    for (const attack of patience.attacks) {
      test(attack.what, async () => assert.equal(await attack.play(world), attack.answer))
    }
  })
})

test('whatever came, the process has grown little', () => {
  assert.ok(peakBytes - grownFrom < grownBytesMax, `grew by ${peakBytes - grownFrom} bytes`)
})

async function play({ answer, lookUpsMax = 0, play }: Attack): Promise<void> {
  const lookUpsBefore = world.plc.asked.length
  const logBefore = await log()
  assert.equal(await play(world), answer)
  const lookUps = world.plc.asked.length - lookUpsBefore
  assert.ok(lookUps <= lookUpsMax, `the PLC directory was asked ${lookUps} times`)
  // Alice is answered as before, and nothing that was refused has changed anything.
  const logAfter = await log()
  if (!answer.includes('answered')) assert.equal(logAfter, logBefore)
}

/** Far more than any row needs, and less than what any of them would use up of its own accord. */
const grownBytesMax = 256 * 1024 * 1024

/** What alice is told on both services. */
async function log(): Promise<string> {
  const call = { nsid: nsids.getLog, query: 'cursor=2222222222222' }
  const logs = [world.open, world.strict].map(async service => {
    const [answer] = (await callOn(world, service, call)).answers
    assert.equal(answer?.status, 200)
    return answer.body
  })
  return (await Promise.all(logs)).join('\n')
}
