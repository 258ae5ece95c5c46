import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, beforeEach, describe, it } from 'node:test'
import { Worker } from 'node:worker_threads'
import * as v from '@atcute/lexicons/validations'
import { pino } from 'pino'
import { createTestKey, TestIdentity } from '../auth/test-tokens.ts'
import { bodyBytesAheadMax, bodyBytesMax, defaultSubscriptionLimits, unheardRequestsMax } from '../limits.ts'
import type { HttpServer } from '../xrpc/adapter.ts'
import { endpoint } from '../xrpc/endpoint.ts'
import type { Frame } from '../xrpc/frame.ts'
import type { Pipeline } from '../xrpc/pipeline.ts'
import { subscription } from '../xrpc/subscription.ts'
import type { OpenSubscription } from '../xrpc/subscriptions.ts'
import { type ServerParts, startTestEdge, type TestEdge } from '../xrpc/test-edge.ts'
import { refusalOf, subscribe } from '../xrpc/testing/subscriber.ts'
import { createHttpWorkers } from './http-workers.ts'

/** Tokens that were verified here, because no worker had. */
let verifiedHere = 0
let whileHandling: () => Promise<void> = async () => {}

const write = endpoint(
  v.procedure('org.example.write', {
    params: null,
    input: { type: 'lex', schema: v.object({ text: v.string() }) },
    output: { type: 'lex', schema: v.object({ length: v.integer(), caller: v.string() }) },
  }),
  async (_ctx, { input, caller }) => {
    await whileHandling()
    return { length: input.text.length, caller: caller.did }
  },
)

/** Parts of an export that were asked for, and whether its end has been heard of. */
const exported = { parts: 0, isOver: false }

const exportLines = endpoint(
  v.query('org.example.export', {
    params: v.object({ lines: v.integer() }),
    output: { type: 'blob', encoding: ['application/jsonl'] },
  }),
  async (_ctx, { params }) => lines(params.lines),
)

async function* lines(count: number): AsyncIterable<string> {
  try {
    for (exported.parts = 0; exported.parts < count; exported.parts += 1)
      yield `${'x'.repeat(100_000)}${exported.parts}\n`
  } finally {
    exported.isOver = true
  }
}

const nsid = 'org.example.subscribe'
const $type = `${nsid}#number` as const
let subscribers = 0
const count = subscription(
  v.subscription(nsid, {
    params: null,
    message: v.variant([v.object({ $type: v.optional(v.literal($type)), number: v.integer() })]),
  }),
  { openMax: { perAccountMax: 8, totalMax: 64 } },
  async function* (_ctx, { signal }) {
    subscribers += 1
    yield { $type, number: subscribers }
    await once(signal, 'abort').catch(() => {})
    subscribers -= 1
  },
)

const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']

const logged: string[] = []
const logger = pino({ level: 'error' }, { write: line => logged.push(line) })

function withWorkers(workers: number): (parts: ServerParts) => HttpServer {
  return ({ pipeline, open, identity, pages, limits }) => {
    const settings = { pages, limits, logLevel: 'silent' as const }
    const counted: typeof pipeline = arrival => {
      if (arrival.authorization.length > 0 && arrival.signedBy === undefined) verifiedHere += 1
      return pipeline(arrival)
    }
    return createHttpWorkers({ count: workers, pipeline: counted, open, identity, logger, settings })
  }
}

/** Workers before a service of which no more is there than `parts`. */
function workersBefore(parts: Partial<Pick<ServerParts, 'pipeline' | 'open'>>, workers = 1): HttpServer {
  const settings = { pages: [], limits: defaultSubscriptionLimits, logLevel: 'silent' as const }
  const unused = { pipeline: async () => assert.fail(), open: async () => assert.fail() }
  return createHttpWorkers({
    count: workers,
    ...unused,
    ...parts,
    identity: new TestIdentity(),
    logger,
    settings,
  })
}

function start(workers: number): Promise<TestEdge> {
  return startTestEdge({
    endpoints: [write, exportLines],
    subscriptions: [count],
    createServer: withWorkers(workers),
  })
}

async function nameOf(refusal: Response): Promise<string> {
  const { error } = (await refusal.json()) as { error: string }
  return error
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = AbortSignal.timeout(20_000)
  while (!condition()) {
    deadline.throwIfAborted()
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

describe('HTTP workers', () => {
  let edge: TestEdge
  before(async () => {
    edge = await start(2)
  })
  after(() => edge.close())

  function send(text: string): Promise<Response> {
    return edge.post('org.example.write', JSON.stringify({ text }))
  }

  it('verify signatures once they have been told of the key', async () => {
    verifiedHere = 0
    // Which worker a connection comes to is chance: some calls are a worker's first.
    for (let call = 0; call < 20; call += 1) assert.equal((await send('hello')).status, 200)
    assert.ok(verifiedHere >= 1 && verifiedHere <= 4, `${verifiedHere}`)
  })

  it('pass on bodies as they are, those that go with their heads and those that are asked for', async () => {
    for (const length of [1, bodyBytesAheadMax - 20, bodyBytesAheadMax + 1, bodyBytesMax - 20]) {
      const response = await send('é'.repeat(length / 2))
      assert.deepEqual(await response.json(), { length: Math.floor(length / 2), caller: edge.did })
    }
  })

  it('pass on bodies that come in chunks', async () => {
    const stream = new Blob([JSON.stringify({ text: 'in chunks' })]).stream()
    const headers = { 'content-type': 'application/json' }
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body: stream, headers, duplex: 'half' }
    const response = await edge.call('org.example.write', { init })
    assert.equal(((await response.json()) as { length: number }).length, 9)
  })

  it('refuse what the service refuses, by the same names', async () => {
    const tooLarge = await send('x'.repeat(bodyBytesMax))
    assert.deepEqual([tooLarge.status, await nameOf(tooLarge)], [413, 'PayloadTooLarge'])
    const compressed = await edge.call('org.example.write', {
      init: { method: 'POST', body: 'x', headers: { 'content-encoding': 'gzip' } },
    })
    assert.deepEqual([compressed.status, await nameOf(compressed)], [400, 'InvalidRequest'])
    const stranger = await fetch(`${edge.url}/xrpc/org.example.write`, { method: 'POST', body: '{}' })
    assert.deepEqual([stranger.status, await nameOf(stranger)], [401, 'AuthMissing'])
  })

  it('refuse a stranger at once, without the body that never comes', async () => {
    const socket = connect(edge.port, '127.0.0.1')
    socket.write('POST /xrpc/org.example.write HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n')
    const [answer] = await once(socket, 'data')
    assert.match(String(answer), /^HTTP\/1.1 401 /)
    socket.destroy()
  })

  it('ask for the parts of a stream as the reader takes them, and stop when it goes', async () => {
    exported.isOver = false
    const reading = new AbortController()
    const response = await edge.call('org.example.export', {
      query: '?lines=100000',
      init: { signal: reading.signal },
    })
    const reader = response.body!.getReader()
    assert.match(Buffer.from((await reader.read()).value!).toString(), /^x+/)
    reading.abort()
    await until(() => exported.isOver)
    assert.ok(exported.parts < 1000, `${exported.parts}`)
  })

  it('end a stream where it ends', async () => {
    const response = await edge.call('org.example.export', { query: '?lines=3' })
    assert.equal((await response.text()).length, 3 * 100_002)
  })

  it('open subscriptions and close them', async () => {
    const subscriber = await subscribe(`${edge.url}/xrpc/${nsid}`, { token: await edge.token(nsid) })
    assert.ok(await subscriber.next())
    assert.equal(subscribers, 1)
    subscriber.socket.terminate()
    await until(() => subscribers === 0)
    const refusal = await refusalOf(`${edge.url}/xrpc/${nsid}`)
    assert.deepEqual([refusal.status, refusal.body.error], [401, 'AuthMissing'])
  })

  it('leave it to the service which key is whose', async () => {
    for (let call = 0; call < 10; call += 1) await send('hello')
    const [oldKey, newKey] = [edge.identity, await createTestKey()]
    oldKey.publish(edge.did, newKey)
    const rotated = await edge.token('org.example.write', { key: newKey })
    const headers = { authorization: `Bearer ${rotated}`, 'content-type': 'application/json' }
    const init = { method: 'POST', body: '{"text":"new"}', headers }
    assert.equal((await edge.call('org.example.write', { init })).status, 200)
    // Workers may know the old key still.
    for (let call = 0; call < 6; call += 1) {
      const response = await send('old')
      assert.deepEqual([response.status, await nameOf(response)], [401, 'BadJwtSignature'])
    }
  })
})

describe('a stream whose reader went before it began', () => {
  async function hangUpOn(parts: Pick<ServerParts, 'pipeline' | 'open'>, lines: string[]): Promise<void> {
    const workers = workersBefore(parts)
    const port = await workers.listen({ host: '127.0.0.1', port: 0 })
    const socket = connect(port, '127.0.0.1')
    socket.write(`${['GET /xrpc/org.example.any HTTP/1.1', 'Host: x', ...lines].join('\r\n')}\r\n\r\n`)
    await began.promise
    socket.resetAndDestroy()
    await until(() => isLetGo)
    await workers.close()
  }

  let began = Promise.withResolvers<void>()
  let isLetGo = false
  beforeEach(() => {
    began = Promise.withResolvers<void>()
    isLetGo = false
  })

  async function streamAfter<Part>(closed: AbortSignal): Promise<AsyncIterable<Part>> {
    const aborted = once(closed, 'abort')
    began.resolve()
    await aborted
    const iterator: AsyncIterator<Part> = {
      next: () => assert.fail(),
      return: async () => {
        isLetGo = true
        return { done: true, value: undefined }
      },
    }
    return { [Symbol.asyncIterator]: () => iterator }
  }

  it('is let go of where it answers a request', async () => {
    const pipeline: Pipeline = async arrival => ({
      status: 200,
      headers: {},
      body: await streamAfter<string>(arrival.closed()),
    })
    await hangUpOn({ pipeline, open: async () => assert.fail() }, [])
  })

  it('is let go of where it is a subscription', async () => {
    const open: OpenSubscription = async ({ closed }) => ({
      stream: { framing: 'cbor', frames: await streamAfter<Frame>(closed), ended: () => {} },
    })
    await hangUpOn({ pipeline: async () => assert.fail(), open }, upgrade)
  })
})

describe('a service that is busy', () => {
  for (const [what, lines] of [
    ['requests', []],
    ['upgrades', upgrade],
  ] as const)
    it(`has only so many ${what} waiting for it, and the rest is refused`, async () => {
      const edge = await start(1)
      const request = `${['GET /xrpc/org.example.any HTTP/1.1', 'Host: x', ...lines].join('\r\n')}\r\n\r\n`
      const isRefused = new Int32Array(new SharedArrayBuffer(4))
      const flood = new Worker(new URL('./testing/flood.ts', import.meta.url), {
        workerData: { port: edge.port, request, requests: unheardRequestsMax + 100, isRefused },
      })
      await once(flood, 'online')
      // Nothing at all is heard here until then.
      const waited = Atomics.wait(isRefused, 0, 0, 20_000)
      await flood.terminate()
      assert.notEqual(waited, 'timed-out')
      assert.equal((await edge.post('org.example.write', '{"text":"afterwards"}')).status, 200)
      await edge.close()
    })
})

describe('a bug behind HTTP workers', () => {
  const broken = () => Promise.reject(new Error('a bug'))

  it('costs the request that meets it, and no other, and is logged', async () => {
    logged.length = 0
    const workers = workersBefore({ pipeline: broken, open: broken })
    const port = await workers.listen({ host: '127.0.0.1', port: 0 })
    const url = `http://127.0.0.1:${port}/xrpc/org.example.any`
    for (let request = 0; request < 2; request += 1) {
      const answer = await fetch(url)
      assert.equal(answer.status, 500)
      assert.equal(await nameOf(answer), 'InternalServerError')
    }
    assert.equal((await refusalOf(url)).status, 500)
    assert.equal(logged.length, 3)
    for (const line of logged) assert.match(line, /"fault"/)
    await workers.close()
  })
})

describe('the end of HTTP workers', () => {
  it('comes after their beginning', async () => {
    const workers = workersBefore({}, 2)
    const listening = workers.listen({ host: '127.0.0.1', port: 0 })
    await workers.close()
    const port = await listening
    await assert.rejects(fetch(`http://127.0.0.1:${port}/`))
  })

  it('waits for what is in flight', async () => {
    const edge = await start(2)
    const handling = Promise.withResolvers<void>()
    const answer = Promise.withResolvers<void>()
    whileHandling = () => {
      handling.resolve()
      return answer.promise
    }
    const response = edge.post('org.example.write', '{"text":"late"}')
    await handling.promise
    const closed = edge.close()
    answer.resolve()
    assert.equal((await response).status, 200)
    await closed
    whileHandling = async () => {}
  })

  it('ends subscriptions', async () => {
    const edge = await start(2)
    const open = await Promise.all(
      Array.from({ length: 8 }, async () =>
        subscribe(`${edge.url}/xrpc/${nsid}`, { token: await edge.token(nsid) }),
      ),
    )
    for (const subscriber of open) assert.ok(await subscriber.next())
    await edge.close()
    for (const subscriber of open) assert.equal((await subscriber.closed).code, 1001)
    await until(() => subscribers === 0)
  })
})

describe('a port that is taken', () => {
  for (const workers of [1, 2]) {
    it(`is not shared with ${workers} of another service`, async () => {
      const first = await start(2)
      const second = workersBefore({}, workers)
      const listening = second.listen({ host: '127.0.0.1', port: first.port })
      await assert.rejects(listening, { code: 'EADDRINUSE' })
      await second.close()
      await first.close()
    })
  }
})
