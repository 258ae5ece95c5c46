import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AgingCache, type Leniency } from './aging-cache.ts'

type Answer = { n: number } | undefined | Error | 'never'

/** A source whose next answer a test sets: a value, none, an error, or that it never answers. */
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
  const source = { answer: { n: 1 } as Answer, asked: 0 }
  const ask = async () => {
    source.asked += 1
    if (source.answer === 'never') return new Promise<undefined>(() => {})
    if (source.answer instanceof Error) throw source.answer
    return source.answer
  }
  const get = (options?: { refresh?: boolean; lenient?: Leniency }, key = 'key') =>
    cache.get(key, ask, options)
  return { clock, source, get, outdate: () => cache.outdate('key') }
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

test('values are bounded by their size together, whatever their number', async () => {
  const cache = new AgingCache<string, { n: number }>({
    clock: { now: () => 0 },
    entriesMax: 100,
    size: { bytesMax: 10, bytesOf: ({ n }) => n },
    freshMs: 1,
    staleMs: 1,
    keptMs: 1,
    absentMs: 1,
    retryMs: 1,
  })
  let asked = 0
  const get = (key: string, value: { n: number } | undefined) =>
    cache.get(key, async () => {
      asked += 1
      return value
    })
  for (const key of ['a', 'b', 'c']) await get(key, { n: 4 })
  await get('none', undefined)
  assert.equal(asked, 4)
  for (const key of ['b', 'c', 'none']) await get(key, { n: 4 })
  assert.equal(asked, 4)
  await get('a', { n: 4 })
  assert.equal(asked, 5)
})

const lenient: Leniency = { freshMs: 300, waitMs: 20 }

/** What `answer` comes to within a few turns of the event loop: a test fails rather than waits for ever. */
async function soon<Answer>(answer: Promise<Answer>): Promise<Answer> {
  const turns = async () => {
    for (let i = 0; i < 10; i++) await new Promise(resolve => setImmediate(resolve))
    throw new Error('still waiting')
  }
  return Promise.race([answer, turns()])
}

test('who is lenient is served a value of any kept age, and does not wait for the next', async () => {
  const { clock, source, get } = open()
  await get()
  clock.time = 299
  assert.deepEqual(await get({ lenient }), { n: 1 })
  assert.equal(source.asked, 1)
  source.answer = 'never'
  clock.time = 999
  assert.deepEqual(await soon(get({ lenient })), { n: 1 })
  assert.equal(source.asked, 2)
})

test('one who is lenient makes a value no older for the others', async () => {
  const { clock, source, get } = open()
  await get()
  clock.time = 250
  await get({ lenient })
  source.answer = { n: 2 }
  assert.deepEqual(await get(), { n: 2 })
})

test('what was never known is waited for as long as the lenient say, counted from when it was asked', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { clock, source, get } = open()
  source.answer = 'never'
  const first = assert.rejects(get({ lenient }), /in time/)
  clock.time = 15
  const second = assert.rejects(get({ lenient }), /in time/)
  t.mock.timers.tick(5)
  await soon(second)
  t.mock.timers.tick(15)
  await soon(first)
  assert.equal(source.asked, 1)
})

test('that there was none stands in where the next answer is late', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { clock, source, get } = open()
  source.answer = undefined
  await get()
  source.answer = 'never'
  clock.time = 999
  const late = get({ lenient })
  t.mock.timers.tick(20)
  assert.equal(await soon(late), undefined)
  assert.equal(source.asked, 2)
})

test('a source that failed lately is asked again, but the lenient do not wait for it', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { clock, source, get } = open()
  source.answer = new Error('down')
  await assert.rejects(get({ lenient }), /down/)
  source.answer = 'never'
  clock.time = 49
  const refused = assert.rejects(get({ lenient }), /in time/)
  t.mock.timers.tick(0)
  await soon(refused)
  assert.equal(source.asked, 2)
})

test('questions that nobody can answer do not push out what there is', async () => {
  const { source, get } = open()
  await get()
  source.answer = undefined
  for (let n = 0; n < 10; n++) await get({}, `none ${n}`)
  source.answer = new Error('down')
  for (let n = 0; n < 10; n++) await get({}, `failed ${n}`).catch(() => {})
  const { asked } = source
  assert.deepEqual(await get(), { n: 1 })
  assert.equal(source.asked, asked)
})

test('of questions that nobody can answer five thousand are remembered, however many are asked', async () => {
  const { source, get } = open()
  source.answer = new Error('down')
  for (let n = 0; n <= 5000; n++) await get({}, `failed ${n}`).catch(() => {})
  await assert.rejects(get({}, 'failed 1'), /down/)
  assert.equal(source.asked, 5001)
  await assert.rejects(get({}, 'failed 0'), /down/)
  assert.equal(source.asked, 5002)
})

test('an outdated value is asked for anew, at once', async () => {
  const { source, get, outdate } = open()
  await get()
  source.answer = { n: 2 }
  outdate()
  assert.deepEqual(await get(), { n: 2 })
  assert.deepEqual(await get(), { n: 2 })
  assert.equal(source.asked, 2)
})

test('an outdated value stands in while a newer one cannot be had, and the source is left alone meanwhile', async () => {
  const { clock, source, get, outdate } = open()
  await get()
  source.answer = new Error('down')
  outdate()
  assert.deepEqual(await get(), { n: 1 })
  assert.deepEqual(await get(), { n: 1 })
  assert.equal(source.asked, 2)
  source.answer = { n: 2 }
  clock.time = 10
  assert.deepEqual(await get(), { n: 2 })
})

test('an answer that was asked for before the change is outdated when it comes', async () => {
  const { source, get, outdate } = open()
  const first = get()
  outdate()
  source.answer = { n: 2 }
  await first
  await new Promise(resolve => setImmediate(resolve))
  assert.deepEqual(await get(), { n: 2 })
})

test('that there is nothing is outdated like any answer', async () => {
  const { source, get, outdate } = open()
  source.answer = undefined
  assert.equal(await get(), undefined)
  source.answer = { n: 1 }
  outdate()
  assert.deepEqual(await get(), { n: 1 })
})

test('where the clock was set back, what is kept is of no known age: the source is asked again', async () => {
  const { clock, source, get } = open()
  clock.time = 3600
  await get()
  clock.time = 0
  source.answer = { n: 2 }
  assert.deepEqual(await get(), { n: 2 })
  assert.deepEqual(await get(), { n: 2 })
  assert.equal(source.asked, 2)
})

test('a failure before the clock was set back does not keep the source from being asked', async () => {
  const { clock, source, get } = open()
  clock.time = 3600
  source.answer = new Error('down')
  await assert.rejects(get())
  clock.time = 0
  source.answer = { n: 1 }
  assert.deepEqual(await get(), { n: 1 })
})

test('where the clock was set back and no answer is to be had, what is kept stands in', async () => {
  const { clock, source, get } = open()
  clock.time = 3600
  await get()
  clock.time = 0
  source.answer = new Error('down')
  assert.deepEqual(await get(), { n: 1 })
})
