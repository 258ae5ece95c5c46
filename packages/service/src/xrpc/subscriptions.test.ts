import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get, request } from 'node:http'
import { after, before, beforeEach, describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import * as v from '@atcute/lexicons/validations'
import {
  type ErrorFrame,
  type MessageFrame,
  Subscription as OfficialSubscription,
} from '@atproto/xrpc-server'
import { createTestKey, testDid } from '../auth/test-tokens.ts'
import { AppError } from '../errors.ts'
import { defaultRateLimits } from '../limits.ts'
import { endpoint } from './endpoint.ts'
import { createSlots } from './slots.ts'
import { moderatorSubscription, subscription } from './subscription.ts'
import { startTestEdge, type TestEdge, type TestEdgeOptions } from './test-edge.ts'
import { refusalOf, type Subscriber, subscribe } from './testing/subscriber.ts'

const nsid = 'org.example.subscribe'
const $type = `${nsid}#number` as const
const numberSchema = v.object({ $type: v.optional(v.literal($type)), number: v.integer() })
const schema = v.subscription(nsid, {
  params: v.object({ from: v.optional(v.integer(), 1), ending: v.optional(v.string()) }),
  message: v.variant([numberSchema]),
})

/** Handlers that are running. */
let running = 0

const openMax = { perAccountMax: 2, totalMax: 3 }

const count = subscription(schema, { openMax }, async function* (_ctx, { params, signal }) {
  running += 1
  try {
    for (let number = params.from; number < params.from + 3; number += 1) yield { $type, number }
    if (params.ending === 'bug') throw new TypeError('the secret recipe')
    if (params.ending === 'lie') yield { $type, number: 'many' } as never
    if (params.ending === 'wait') await once(signal, 'abort')
    // As `events.on` and many others do when their signal is aborted.
    if (params.ending === 'wait and throw')
      await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
      })
    if (params.ending === 'FutureCursor') throw new AppError('FutureCursor', 'Cursor in the future')
  } finally {
    running -= 1
  }
})
const watchSchema = v.subscription('org.example.watch', { params: null, message: v.variant([numberSchema]) })
const watch = moderatorSubscription(watchSchema, { openMax }, async function* (_ctx, { caller }) {
  yield { $type, number: caller.did.length }
})
const greet = endpoint(
  v.query('org.example.greet', {
    params: null,
    output: { type: 'lex', schema: v.object({ greeting: v.string() }) },
  }),
  async () => ({ greeting: 'hello' }),
)

const moderator = testDid('moderator')

function start(options: TestEdgeOptions = {}): Promise<TestEdge> {
  return startTestEdge({
    endpoints: [greet],
    subscriptions: [count, watch],
    moderators: [moderator],
    ...options,
  })
}

async function follow(edge: TestEdge, query = ''): Promise<Subscriber> {
  return subscribe(`${edge.url}/xrpc/${nsid}${query}`, { token: await edge.token(nsid) })
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate()
}

async function numbers(subscriber: Subscriber): Promise<unknown[]> {
  const read = []
  for (let frame = 0; frame < 3; frame += 1) read.push((await subscriber.next())?.body)
  return read
}

describe('a subscription', () => {
  let edge: TestEdge
  before(async () => {
    edge = await start()
  })
  beforeEach(() => {
    edge.log.length = 0
  })
  after(async () => {
    await edge.close()
    assert.equal(running, 0)
  })

  it('sends its messages as frames and closes when there are no more', async () => {
    const subscriber = await follow(edge, '?from=5')
    const first = (await subscriber.next()) as MessageFrame
    assert.deepEqual(first.header, { op: 1, t: '#number' })
    assert.deepEqual(first.body, { number: 5 })
    assert.deepEqual(
      [(await subscriber.next())?.body, (await subscriber.next())?.body],
      [{ number: 6 }, { number: 7 }],
    )
    assert.equal(await subscriber.next(), undefined)
    assert.deepEqual(await subscriber.closed, { code: 1000, reason: '' })
  })

  it('is understood by the official client', async () => {
    const authorization = `Bearer ${await edge.token(nsid)}`
    const official = new OfficialSubscription<{ number: number }>({
      service: edge.url.replace('http', 'ws'),
      method: nsid,
      headers: { authorization },
      getParams: () => ({ from: 41, ending: 'wait' }),
      validate: value => value as { number: number },
    })
    const received = []
    for await (const message of official) {
      received.push(message)
      if (received.length === 3) break
    }
    assert.deepEqual(received, [
      { $type, number: 41 },
      { $type, number: 42 },
      { $type, number: 43 },
    ])
    await until(() => running === 0)
  })

  it('tells an error by name, in a frame, and closes', async () => {
    const subscriber = await follow(edge, '?ending=FutureCursor')
    await numbers(subscriber)
    const frame = (await subscriber.next()) as ErrorFrame
    assert.deepEqual(frame.header, { op: -1 })
    assert.deepEqual(frame.body, { error: 'FutureCursor', message: 'Cursor in the future' })
    assert.deepEqual(await subscriber.closed, { code: 1008, reason: 'FutureCursor' })
  })

  it('tells the log about a bug and the other side nothing', async () => {
    for (const [ending, logged] of [
      ['bug', 'the secret recipe'],
      ['lie', `output of ${nsid} breaks its lexicon`],
    ]) {
      edge.log.length = 0
      const subscriber = await follow(edge, `?ending=${ending}`)
      await numbers(subscriber)
      const frame = await subscriber.next()
      assert.deepEqual(frame?.body, { error: 'InternalServerError', message: 'Internal Server Error' })
      assert.equal((await subscriber.closed).code, 1008)
      assert.ok(edge.log.some(line => line.includes('"fault"') && line.includes(logged!)))
    }
  })

  it('ends its handler when the other side goes, gently or not', async () => {
    for (const ending of ['wait', 'wait%20and%20throw']) {
      for (const go of ['close', 'terminate'] as const) {
        const subscriber = await follow(edge, `?ending=${ending}`)
        await numbers(subscriber)
        assert.equal(running, 1)
        subscriber.socket[go]()
        await until(() => running === 0)
      }
    }
    assert.ok(edge.log.every(line => !line.includes('fault')))
  })

  it('is logged when it opens and when it ends', async () => {
    const subscriber = await follow(edge, '?ending=FutureCursor')
    edge.time.nowMs += 5000
    await subscriber.closed
    await until(() => edge.log.length === 2)
    const lines = edge.log.map(line => JSON.parse(line))
    assert.deepEqual(
      lines.map(({ method, did, status, error }) => ({ method, did, status, error })),
      [
        { method: nsid, did: edge.did, status: 101, error: undefined },
        { method: nsid, did: edge.did, status: undefined, error: 'FutureCursor' },
      ],
    )
    assert.match(edge.log[1]!, /"subscription ended"/)
    assert.equal(lines[0].requestId, lines[1].requestId)
  })

  it('speaks the framing of event streams and agrees to no other', async () => {
    const url = `${edge.url}/xrpc/${nsid}`
    const protocols = ['xrpc.v1.json', 'xrpc.v0.cbor']
    const subscriber = await subscribe(url, { token: await edge.token(nsid), protocols })
    assert.equal(subscriber.socket.protocol, 'xrpc.v0.cbor')
    subscriber.socket.terminate()
    await assert.rejects(
      subscribe(url, { token: await edge.token(nsid), protocols: ['xrpc.v1.json'] }),
      /no subprotocol/,
    )
  })

  it('for moderators is opened by their labelers too', async () => {
    const key = await createTestKey()
    edge.identity.publish(moderator, key, 'atproto_label')
    const token = await edge.token('org.example.watch', { iss: `${moderator}#atproto_labeler`, key })
    const subscriber = await subscribe(`${edge.url}/xrpc/org.example.watch`, { token })
    assert.deepEqual((await subscriber.next())?.body, { number: moderator.length })
  })

  describe('is refused', () => {
    async function refused(path: string, token: string | undefined, status: number, error: string) {
      const refusal = await refusalOf(edge.url + path, { token })
      assert.deepEqual([refusal.status, refusal.body.error], [status, error], refusal.body.message)
      assert.deepEqual(Object.keys(refusal.body), ['error', 'message'])
      assert.match(String(refusal.headers['content-type']), /^application\/json/)
      assert.equal(running, 0)
    }

    it('without a good token', async () => {
      const path = `/xrpc/${nsid}`
      await refused(path, undefined, 401, 'AuthMissing')
      await refused(path, 'x', 401, 'BadJwt')
      await refused(path, await edge.token('org.example.watch'), 401, 'BadJwtLexiconMethod')
      await refused(path, await edge.token(nsid, { key: await createTestKey() }), 401, 'BadJwtSignature')
      await refused(path, await edge.token(nsid, { iss: `${edge.did}#atproto_labeler` }), 401, 'BadJwtIss')
      await refused(path, await edge.token(nsid, { now: edge.time.nowMs / 1000 - 120 }), 401, 'JwtExpired')
      assert.deepEqual([...new Set(edge.log.map(line => JSON.parse(line).status))], [401])
    })

    it('with two Authorization headers, though one alone would do', async () => {
      const authorization = `Bearer ${await edge.token(nsid)}`
      const sent = get(`${edge.url}/xrpc/${nsid}`, {
        headers: { ...handshake, authorization: [authorization, authorization] } as never,
      })
      const [response] = await once(sent, 'response')
      assert.equal(response.statusCode, 401)
      response.destroy()
    })

    it('to an account where it is for moderators', async () => {
      const path = '/xrpc/org.example.watch?from=nonsense'
      await refused(path, await edge.token('org.example.watch'), 403, 'Forbidden')
    })

    it('with params that its lexicon forbids, once it is known who asks', async () => {
      await refused(`/xrpc/${nsid}?from=x`, await edge.token(nsid), 400, 'InvalidRequest')
      await refused(`/xrpc/${nsid}?from=x`, undefined, 401, 'AuthMissing')
    })

    it('where there is none', async () => {
      await refused('/xrpc/org.example.nothing', await edge.token(nsid), 501, 'MethodNotImplemented')
      await refused('/xrpc/org.example.greet', await edge.token('org.example.greet'), 400, 'InvalidRequest')
      for (const path of ['/xrpc/nonsense', '/xrpc/..%2f..', '/xrpc/%ff', `/xrpc/${'a'.repeat(400)}`]) {
        await refused(path, undefined, 400, 'InvalidRequest')
      }
      for (const path of ['/', '/elsewhere', '/xrpc/', `/xrpc/${nsid}/more`, `//xrpc/${nsid}`]) {
        await refused(path, await edge.token(nsid), 404, 'NotFound')
      }
    })

    it('to a call that does not ask for a WebSocket', async () => {
      for (const method of ['GET', 'POST']) {
        const answer = await edge.call(nsid, { init: { method } })
        const body = (await answer.json()) as { error: string; message: string }
        assert.deepEqual([answer.status, body.error], [400, 'InvalidRequest'])
        assert.match(body.message, /WebSocket/)
      }
    })

    it('with half a handshake', async () => {
      for (const change of [{ 'sec-websocket-key': 'x' }, { 'sec-websocket-version': '7' }]) {
        const authorization = `Bearer ${await edge.token(nsid)}`
        const sent = get(`${edge.url}/xrpc/${nsid}`, { headers: { ...handshake, authorization, ...change } })
        const [response] = await once(sent, 'response')
        assert.equal(response.statusCode, 400)
        assert.equal(JSON.parse(String((await once(response, 'data'))[0])).error, 'InvalidRequest')
      }
      const authorization = `Bearer ${await edge.token(nsid)}`
      const posted = request(`${edge.url}/xrpc/${nsid}`, {
        method: 'POST',
        headers: { ...handshake, authorization },
      })
      posted.end()
      const [response] = await once(posted, 'response')
      assert.equal(response.statusCode, 400)
      response.destroy()
    })
  })

  it('does not keep those out who offer another protocol than WebSocket', async () => {
    const headers = { connection: 'upgrade', upgrade: 'h2c', authorization: '' }
    headers.authorization = `Bearer ${await edge.token('org.example.greet')}`
    const [response] = await once(get(`${edge.url}/xrpc/org.example.greet`, { headers }), 'response')
    assert.equal(response.statusCode, 200)
    response.resume()
  })
})

const handshake = {
  connection: 'upgrade',
  upgrade: 'websocket',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-version': '13',
}

describe('subscriptions that are open at one time', () => {
  it('are bounded for an account and in all, until one closes', async () => {
    const edge = await start()
    const key = await createTestKey()
    for (const name of ['bob', 'carla']) edge.identity.publish(testDid(name), key)
    const open = async (name: string) =>
      subscribe(`${edge.url}/xrpc/${nsid}?ending=wait`, {
        token: await edge.token(nsid, { iss: testDid(name), key }),
      })
    const first = await open('bob')
    await open('bob')
    await assert.rejects(open('bob'), /429 .*RateLimitExceeded/)
    await open('carla')
    await assert.rejects(open('carla'), /503 .*ServiceUnavailable/)
    first.socket.terminate()
    await until(() => running === 2)
    await open('bob')
    await edge.close()
  })

  it('do not count where the connection closed before', () => {
    const slots = createSlots({ what: 'subscriptions', perAccountMax: 1, totalMax: 64 })
    slots.take(moderator, AbortSignal.abort())
    const { signal } = new AbortController()
    slots.take(moderator, signal)
    assert.throws(() => slots.take(moderator, signal), { name: 'RateLimitExceeded' })
  })

  it('count as calls when they are opened', async () => {
    const edge = await start({ rateLimits: { ...defaultRateLimits, calls: { count: 1, periodSec: 60 } } })
    await follow(edge)
    const refusal = await refusalOf(`${edge.url}/xrpc/${nsid}`, { token: await edge.token(nsid) })
    assert.deepEqual([refusal.status, refusal.headers['retry-after']], [429, '60'])
    await edge.close()
  })
})

describe('shutdown', () => {
  it('closes subscriptions and says that it is the service that goes', async () => {
    const edge = await start()
    const subscribers = [await follow(edge, '?ending=wait'), await follow(edge, '?ending=wait')]
    for (const subscriber of subscribers) await numbers(subscriber)
    await edge.close()
    for (const subscriber of subscribers) assert.equal((await subscriber.closed).code, 1001)
    await until(() => running === 0)
  })

  it('refuses one that was still being opened', async () => {
    const edge = await start()
    const asked = Promise.withResolvers<void>()
    const answered = Promise.withResolvers<void>()
    const signingKey = edge.identity.signingKey.bind(edge.identity)
    edge.identity.signingKey = async (...args) => {
      asked.resolve()
      await answered.promise
      return signingKey(...args)
    }
    const refusal = refusalOf(`${edge.url}/xrpc/${nsid}`, { token: await edge.token(nsid) })
    await asked.promise
    const closed = edge.close()
    answered.resolve()
    assert.deepEqual([(await refusal).status, (await refusal).body.error], [503, 'ServiceUnavailable'])
    await closed
    assert.equal(running, 0)
  })
})
