import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeNetwork } from '../src/fake-network/index.ts'
import { type BroadcastResult, type KeyValueStore, memoryKeyValueStore } from '../src/index.ts'

const readers = ['bob.test', 'carol.test', 'dora.test'] as const

async function begin() {
  const net = fakeNetwork({ users: ['alice.test', ...readers], pace: 1000 })
  return { net, alice: await net.client('alice.test') }
}

function outcomes(results: readonly BroadcastResult[]): string[] {
  return results.map(result =>
    result.ok ? (result.skipped ? 'skipped' : (result.message?.text ?? 'dry')) : result.error.code,
  )
}

describe('a broadcast', () => {
  it('writes to each, at its pace, and leaves out those who do not want it', async () => {
    const { net, alice } = await begin()
    net.describe('carol.test', { allowIncoming: 'none' })
    const begun = net.clock.now()
    const results = await Array.fromAsync(alice.dm.broadcast(readers, to => `hello ${to}`, { perMinute: 60 }))
    assert.deepEqual(outcomes(results), ['hello bob.test', 'recipient/disabled', 'hello dora.test'])
    assert.ok(net.clock.now() - begun >= 2000)
  })

  it('goes on where it ended, and writes to nobody twice', async () => {
    const { net, alice } = await begin()
    const resume = memoryKeyValueStore()
    for await (const _ of alice.dm.broadcast(readers, 'hello', { resume })) break
    const results = await Array.fromAsync(alice.dm.broadcast(readers, 'hello', { resume }))
    assert.deepEqual(outcomes(results), ['skipped', 'hello', 'hello'])
    const sends = net.requests.filter(({ method }) => method === 'chat.bsky.convo.sendMessage')
    assert.equal(sends.length, 3)
  })

  it('writes to nobody twice where it is cut off between sending and knowing of it', async () => {
    for (const extensions of [true, false]) {
      const net = fakeNetwork({ users: ['alice.test', ...readers], pace: 1000, extensions })
      const alice = await net.client('alice.test')
      const kept = memoryKeyValueStore()
      const dying: KeyValueStore = {
        ...kept,
        get: key => kept.get(key),
        set: async (key, value) => {
          if (value === true) throw new Error('the power is gone')
          await kept.set(key, value)
        },
      }
      const cutOff = Array.fromAsync(alice.dm.broadcast(readers, 'hello', { resume: dying }))
      await assert.rejects(cutOff, /the power is gone/)
      const again = await net.client('alice.test')
      const results = await Array.fromAsync(again.dm.broadcast(readers, 'hello', { resume: kept }))
      assert.deepEqual(outcomes(results), ['hello', 'hello', 'hello'])
      const convo = await again.dm.with('bob.test')
      assert.equal((await Array.fromAsync(convo.messages())).length, 1)
    }
  })

  it('writes the next time to whom it could not write, be it that it was refused or cut off before', async () => {
    for (const extensions of [true, false]) {
      const net = fakeNetwork({ users: ['alice.test', ...readers], pace: 1000, extensions })
      const alice = await net.client('alice.test', { retry: false })
      const resume = memoryKeyValueStore()
      net.fault({ method: 'chat.bsky.convo.sendMessage', status: 429 })
      const first = await Array.fromAsync(alice.dm.broadcast(readers, 'hello', { resume }))
      assert.deepEqual(outcomes(first), ['rate-limited', 'hello', 'hello'])
      const next = await Array.fromAsync(alice.dm.broadcast(readers, 'hello', { resume }))
      assert.deepEqual(outcomes(next), ['hello', 'skipped', 'skipped'])
      const dying = memoryKeyValueStore()
      await dying.set('written to bob.test', { key: 'never sent', atMs: net.clock.now() - 120_000 })
      const again = await Array.fromAsync(
        alice.dm.broadcast(['bob.test'], 'what was never sent', { resume: dying }),
      )
      assert.deepEqual(outcomes(again), ['what was never sent'])
    }
  })

  it('sends nothing in a dry run', async () => {
    const { net, alice } = await begin()
    assert.deepEqual(
      outcomes(await Array.fromAsync(alice.dm.broadcast(readers, 'hello', { dryRun: true }))),
      ['dry', 'dry', 'dry'],
    )
    assert.ok(!net.requests.some(({ method }) => method === 'chat.bsky.convo.sendMessage'))
  })

  it('ends when it is told to, in a pause as well', async () => {
    const { alice } = await begin()
    const stop = new AbortController()
    const seen: BroadcastResult[] = []
    const all = (async () => {
      for await (const result of alice.dm.broadcast(readers, 'hello', {
        perMinute: 0.01,
        signal: stop.signal,
      })) {
        seen.push(result)
        setTimeout(() => stop.abort(), 10)
      }
    })()
    await assert.rejects(all, { code: 'aborted' })
    assert.deepEqual(outcomes(seen), ['hello'])
  })

  it('ends where it is told to slow down too often', async () => {
    const { net, alice } = await begin()
    net.fault({ method: 'chat.bsky.convo.sendMessage', status: 429, times: Infinity })
    const results: BroadcastResult[] = []
    const all = (async () => {
      for await (const result of alice.dm.broadcast(readers, 'hello', { rateLimitsMax: 2 }))
        results.push(result)
    })()
    await assert.rejects(all, { code: 'rate-limited' })
    assert.deepEqual(outcomes(results), ['rate-limited', 'rate-limited'])
  })
})
