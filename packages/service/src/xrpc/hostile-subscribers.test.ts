import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import * as v from '@atcute/lexicons/validations'
import { createTestKey } from '../auth/test-tokens.ts'
import type { SubscriptionLimits } from '../limits.ts'
import { subscription } from './subscription.ts'
import { startTestEdge, type TestEdge } from './test-edge.ts'
import { subscribe } from './testing/subscriber.ts'

const nsid = 'org.example.subscribe'
const $type = `${nsid}#filler` as const
const fillerSchema = v.object({ $type: v.optional(v.literal($type)), filler: v.string() })
const schema = v.subscription(nsid, {
  params: v.object({ bytes: v.integer(), count: v.integer() }),
  message: v.variant([fillerSchema]),
})

/** How many messages were asked for, and how many handlers have not ended. */
let made = 0
let running = 0

/** `count` messages of `bytes`, then silence until the other side goes. */
const openMax = { perAccountMax: 8, totalMax: 64 }

const fill = subscription(schema, { openMax }, async function* (_ctx, { params, signal }) {
  const filler = 'a'.repeat(params.bytes)
  running += 1
  try {
    for (let message = 0; message < params.count; message += 1) {
      made += 1
      yield { $type, filler }
    }
    if (!signal.aborted) await once(signal, 'abort')
  } finally {
    running -= 1
  }
})

let edge: TestEdge

async function start(
  subscriptionLimits: Partial<SubscriptionLimits> = {},
  subscriptions = [fill],
): Promise<void> {
  edge = await startTestEdge({ subscriptions, subscriptionLimits })
}

beforeEach(() => {
  made = 0
  running = 0
})
afterEach(async () => {
  await edge.close()
  await until(() => running === 0)
})

const endless = { bytes: 64 * 1024, count: 5000 }

async function follow({ bytes, count } = { bytes: 1, count: 1 }, options = {}) {
  const token = await edge.token(nsid)
  return subscribe(`${edge.url}/xrpc/${nsid}?bytes=${bytes}&count=${count}`, { token, ...options })
}

/** A connection that speaks as much WebSocket as it is told to: the handshake is sent, nothing is read. */
async function bare({ bytes, count } = { bytes: 1, count: 0 }): Promise<Socket> {
  const head = [
    `GET /xrpc/${nsid}?bytes=${bytes}&count=${count} HTTP/1.1`,
    ...upgradeHeaders,
    `Authorization: Bearer ${await edge.token(nsid)}`,
  ]
  const socket = connect({ port: edge.port, host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => {})
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  await until(() => running > 0)
  return socket
}

const upgradeHeaders = [
  'Host: x',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
]

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate()
}

/** Writes `data` as long as the other side is there. */
async function flood(socket: Socket, data: Buffer): Promise<void> {
  while (!socket.destroyed && socket.errored === null) {
    if (!socket.write(data))
      await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => {})
    await setImmediate()
  }
}

describe('a consumer that does not read', () => {
  it('stops the messages, and learns that it was too slow if it reads on', async () => {
    await start({ frameTimeoutMs: 200, closeTimeoutMs: 60_000 })
    const subscriber = await follow(endless)
    await subscriber.next()
    subscriber.socket.pause()
    await until(() => running === 0)
    assert.ok(made < 1000, `${made} messages of 64 KB were made for nobody`)
    subscriber.socket.resume()
    let last: unknown
    for (let frame = await subscriber.next(); frame !== undefined; frame = await subscriber.next())
      last = frame.body
    assert.equal((last as { error: string }).error, 'ConsumerTooSlow')
    assert.deepEqual(await subscriber.closed, { code: 1008, reason: 'ConsumerTooSlow' })
    assert.equal(JSON.parse(edge.log.at(-1)!).error, 'ConsumerTooSlow')
  })

  it('for ever is hung up on', async () => {
    await start({ frameTimeoutMs: 50, closeTimeoutMs: 50 })
    const socket = await bare(endless)
    await until(() => running === 0)
    // Ends when nobody is there to write to.
    await flood(socket, Buffer.alloc(1))
  })

  it('and floods us with pings is hung up on', async () => {
    await start()
    const socket = await bare()
    const ping = Buffer.concat([Buffer.from([0x89, 0xfd, 0, 0, 0, 0]), Buffer.alloc(125)])
    await flood(socket, Buffer.concat(Array.from({ length: 1000 }, () => ping)))
    await until(() => running === 0)
  })

  it('slowly, but reads, gets everything', async () => {
    await start()
    const subscriber = await follow({ bytes: 64 * 1024, count: 300 })
    for (let frame = 0; frame < 300; frame += 1) {
      subscriber.socket.pause()
      await setImmediate()
      subscriber.socket.resume()
      const { filler } = (await subscriber.next())!.body as { filler: string }
      assert.equal(filler.length, 64 * 1024)
    }
    subscriber.socket.close()
  })
})

describe('a client that says something', () => {
  it('is not listened to', async () => {
    await start()
    const subscriber = await follow({ bytes: 1, count: 2 })
    for (let message = 0; message < 100; message += 1) subscriber.socket.send('x'.repeat(1024))
    assert.deepEqual(
      [(await subscriber.next())?.body, (await subscriber.next())?.body],
      [{ filler: 'a' }, { filler: 'a' }],
    )
    assert.equal(subscriber.socket.readyState, subscriber.socket.OPEN)
    subscriber.socket.close()
    assert.equal((await subscriber.closed).code, 1005)
  })

  it('too large is told so and hung up on', async () => {
    await start()
    const subscriber = await follow()
    subscriber.socket.send('x'.repeat(1024 * 1024))
    assert.equal((await subscriber.closed).code, 1009)
    await until(() => running === 0)
  })

  it('too large in pieces, or announces what it never sends, is hung up on as well', async () => {
    await start({ closeTimeoutMs: 50 })
    const piece = Buffer.concat([Buffer.from([0x01, 0xfe, 0x02, 0x00, 0, 0, 0, 0]), Buffer.alloc(512)])
    const next = Buffer.from(piece)
    next[0] = 0x00
    const announced = Buffer.from([0x82, 0xff, 0, 0, 0, 1, 0, 0, 0, 0])
    for (const bytes of [Buffer.concat([piece, next, next]), announced]) {
      const socket = await bare()
      socket.write(bytes)
      await until(() => running === 0)
      socket.destroy()
    }
  })

  it('that is no WebSocket frame is hung up on', async () => {
    await start({ closeTimeoutMs: 50 })
    for (const bytes of [
      Buffer.alloc(64, 0xff),
      Buffer.from([0x81, 0x01, 0x61]),
      Buffer.from('GET / HTTP/1.1\r\n'),
    ]) {
      const socket = await bare()
      socket.write(bytes)
      await until(() => running === 0)
      socket.destroy()
    }
  })

  it('half a frame and vanishes leaves nothing behind', async () => {
    await start()
    for (const end of ['destroy', 'resetAndDestroy'] as const) {
      const socket = await bare({ bytes: 1024 * 1024, count: 3 })
      socket.write(Buffer.from([0x82, 0xfe, 0x01]))
      socket[end]()
      await until(() => running === 0)
    }
    assert.ok(edge.log.every(line => !line.includes('"fault"')))
  })
})

describe('a client that has died', () => {
  it('is found by pings', async () => {
    await start({ pingIntervalMs: 50 })
    const subscriber = await follow(undefined, { autoPong: false })
    await until(() => running === 0)
    assert.equal((await subscriber.closed).code, 1006)
  })

  it('is not one that is only silent', async () => {
    await start({ pingIntervalMs: 1000 })
    const subscriber = await follow()
    // The second comes only because the first was answered.
    for (let ping = 0; ping < 2; ping += 1) await once(subscriber.socket, 'ping')
    assert.equal(running, 1)
    subscriber.socket.terminate()
    await until(() => running === 0)
  })
})

describe('strangers', () => {
  const stranger = `GET /xrpc/${nsid} HTTP/1.1\r\n${upgradeHeaders.join('\r\n')}\r\n\r\n`

  it('by the thousand are refused one by one, and let go though they keep their end open', async () => {
    await start()
    for (let round = 0; round < 10; round += 1) {
      const answers = Array.from({ length: 100 }, async () => {
        const socket = connect({ port: edge.port, host: '127.0.0.1', allowHalfOpen: true })
        let answer = ''
        socket
          .on('error', () => {})
          .on('data', data => {
            answer += data
          })
        socket.write(stranger)
        await once(socket, 'end')
        assert.match(answer, /^HTTP\/1\.1 401 .*connection: close.*"AuthMissing"/s)
        // Ends when nobody is there to write to.
        await flood(socket, Buffer.alloc(1))
        socket.destroy()
      })
      await Promise.all(answers)
    }
    assert.equal(edge.log.length, 1000)
    const subscriber = await follow()
    assert.deepEqual((await subscriber.next())?.body, { filler: 'a' })
    subscriber.socket.close()
  })

  it('who vanish while their token is looked at are forgotten, whether it was good or bad', async () => {
    await start({}, [{ ...fill, openMax: { perAccountMax: 1, totalMax: 1 } }])
    const signingKey = edge.identity.signingKey.bind(edge.identity)
    for (const key of [undefined, await createTestKey()]) {
      edge.log.length = 0
      const asked = Promise.withResolvers<void>()
      const answered = Promise.withResolvers<void>()
      edge.identity.signingKey = async (...args) => {
        asked.resolve()
        await answered.promise
        return signingKey(...args)
      }
      const socket = connect(edge.port, '127.0.0.1')
      const token = await edge.token(nsid, key && { key })
      const head = `${stranger.trimEnd()}\r\nAuthorization: Bearer ${token}\r\n\r\n`
      socket.write(head.replace(nsid, `${nsid}?bytes=1&count=1`))
      await asked.promise
      socket.resetAndDestroy()
      await once(socket, 'close')
      answered.resolve()
      await until(() => edge.log.length === (key ? 1 : 2) && running === 0)
    }
    edge.identity.signingKey = signingKey
    const subscriber = await follow()
    subscriber.socket.close()
  })
})
