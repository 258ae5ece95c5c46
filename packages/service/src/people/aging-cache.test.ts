import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AgingCache } from './aging-cache.ts'

/** A source whose next answer a test sets: a value, none, or an error. */
function open() {
  const clock = {
    time: 0,
    now() {
      return this.time
    },
  }
  const cache = new AgingCache<string, { n: number }>({
    clock,
    entriesMax: 2,
    freshMs: 100,
    staleMs: 200,
    keptMs: 1000,
    absentMs: 50,
    retryMs: 10,
  })
  const source = { answer: { n: 1 } as { n: number } | undefined | Error, asked: 0 }
  const ask = async () => {
    source.asked += 1
    if (source.answer instanceof Error) throw source.answer
    return source.answer
  }
  const get = (options?: { refresh?: boolean }, key = 'key') => cache.get(key, ask, options)
  return { clock, source, get }
}

test('a fresh value is served without asking', async () => {
  const { clock, source, get } = open()
  await get()
  clock.time = 99
  assert.deepEqual(await get(), { n: 1 })
  assert.equal(source.asked, 1)
})

test('a stale value is served once more while the next is fetched', async () => {
  const { clock, source, get } = open()
  await get()
  source.answer = { n: 2 }
  clock.time = 199
  assert.deepEqual(await get(), { n: 1 })
  await new Promise(resolve => setImmediate(resolve))
  assert.deepEqual(await get(), { n: 2 })
  assert.equal(source.asked, 2)
})

test('a value older than stale is waited for, and the old one stands in where that fails', async () => {
  const { clock, source, get } = open()
  await get()
  source.answer = new Error('down')
  clock.time = 200
  assert.deepEqual(await get(), { n: 1 })
  assert.equal(source.asked, 2)
  clock.time = 1000
  await assert.rejects(get(), /down/)
})

test('a source that failed is left alone for a while, and its error repeated', async () => {
  const { clock, source, get } = open()
  source.answer = new Error('down')
  await assert.rejects(get(), /down/)
  clock.time = 9
  await assert.rejects(get(), /down/)
  assert.equal(source.asked, 1)
  clock.time = 10
  source.answer = { n: 1 }
  assert.deepEqual(await get(), { n: 1 })
})

test('that there is none is remembered for its own time', async () => {
  const { clock, source, get } = open()
  source.answer = undefined
  assert.equal(await get(), undefined)
  source.answer = { n: 1 }
  clock.time = 49
  assert.equal(await get(), undefined)
  clock.time = 50
  assert.deepEqual(await get(), { n: 1 })
  assert.equal(source.asked, 2)
})

test('a forced refresh asks, but not twice in a short time', async () => {
  const { clock, source, get } = open()
  await get()
  source.answer = { n: 2 }
  assert.deepEqual(await get({ refresh: true }), { n: 1 })
  clock.time = 10
  assert.deepEqual(await get({ refresh: true }), { n: 2 })
  assert.equal(source.asked, 2)
})

test('beyond its size the cache forgets what was used longest ago', async () => {
  const { source, get } = open()
  for (const key of ['a', 'b', 'c', 'a']) await get({}, key)
  assert.equal(source.asked, 4)
})
