import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type FakeNetwork, type FakeNetworkOptions, fakeNetwork } from '../src/fake-network/index.ts'
import {
  Client,
  type EventStream,
  type EventsOptions,
  memoryCursorStore,
  type OpenWebSocket,
} from '../src/index.ts'

const subscribeLog = 'chat.parley.convo.subscribeLog'
const getLog = 'chat.bsky.convo.getLog'

/** The same numbers each time, from 0 up to 1. */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

interface World {
  net: FakeNetwork
  alice: Client
  bob: Client
}

async function begin(options: Partial<FakeNetworkOptions> = {}): Promise<World> {
  const net = fakeNetwork({ users: ['alice.test', 'bob.test'], pace: 50, ...options })
  return { net, alice: await net.client('alice.test'), bob: await net.client('bob.test') }
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = AbortSignal.timeout(10_000)
  while (!condition()) {
    deadline.throwIfAborted()
    await sleep(2)
  }
}

/** The texts of messages as they come; `heard` grows until the stream is closed. */
function listen(stream: EventStream): { heard: string[]; over: Promise<void> } {
  const heard: string[] = []
  const over = (async () => {
    for await (const event of stream) if (event.type === 'message') heard.push(event.message.text)
  })()
  return { heard, over }
}

async function fromNow(client: Client, options: EventsOptions = {}): Promise<EventStream> {
  const { cursor } = await client.chat.bsky.convo.getLog()
  return client.dm.events({ cursor: cursor!, ...options })
}

function polls(net: FakeNetwork): number {
  return net.requests.filter(({ method, params }) => method === getLog && params.has('cursor')).length
}

describe('events over the live stream', () => {
  it('come without anybody asking for them', async () => {
    const { net, alice, bob } = await begin()
    const stream = await fromNow(alice)
    const { heard, over } = listen(stream)
    await until(() => net.openStreams === 1)
    for (const text of ['one', 'two', 'three']) await bob.dm.send('alice.test', text)
    await until(() => heard.length === 3)
    assert.deepEqual(heard, ['one', 'two', 'three'])
    assert.equal(polls(net), 0)
    stream.close()
    await over
    assert.equal(net.openStreams, 0)
  })

  it('come over one connection for any number of streams and clones, each from where it is', async () => {
    const { net, alice, bob } = await begin()
    const { cursor } = await alice.chat.bsky.convo.getLog()
    await bob.dm.send('alice.test', 'before')
    const streams = [
      await fromNow(alice),
      await fromNow(alice.clone({ timeoutMs: 5000 })),
      alice.dm.events({ cursor: cursor! }),
    ]
    const listeners = streams.map(listen)
    await until(() => net.openStreams === 1)
    await bob.dm.send('alice.test', 'after')
    await until(() => listeners.every(({ heard }) => heard.includes('after')))
    assert.deepEqual(
      listeners.map(({ heard }) => heard),
      [['after'], ['after'], ['before', 'after']],
    )
    assert.equal(net.openStreams, 1)
    for (const stream of streams) stream.close()
    await Promise.all(listeners.map(({ over }) => over))
    assert.equal(net.openStreams, 0)
  })

  it('are none lost and none doubled where the connection breaks again and again', async () => {
    const { net, alice, bob } = await begin()
    const stream = await fromNow(alice)
    const { heard, over } = listen(stream)
    const sent = Array.from({ length: 60 }, (_, i) => `message ${i}`)
    for (const [index, text] of sent.entries()) {
      if (index % 7 === 3) net.cutStreams()
      await bob.dm.send('alice.test', text)
    }
    await until(() => heard.length >= sent.length)
    stream.close()
    await over
    assert.deepEqual(heard, sent)
  })

  it('are none lost and none doubled for streams at different places, whatever breaks', async () => {
    const random = chance(7)
    for (let run = 0; run < 6; run++) {
      const { net, alice, bob } = await begin({ extensions: run % 3 !== 2 })
      const sent = Array.from({ length: 150 }, (_, i) => `message ${i}`)
      const { cursor } = await alice.chat.bsky.convo.getLog()
      const listeners: { heard: string[]; over: Promise<void>; stream: EventStream; from: number }[] = []
      for (const [index, text] of sent.entries()) {
        if (random() < 0.05) net.cutStreams()
        if (random() < 0.05) net.fault({ method: getLog, status: 503 })
        if (random() < 0.03) net.fault({ method: subscribeLog, hang: random() < 0.3 })
        if (random() < 0.06 && listeners.length < 6) {
          const behind = random() < 0.5 ? 0 : index
          net.clearFaults()
          const stream = behind === 0 ? alice.dm.events({ cursor: cursor! }) : await fromNow(alice)
          listeners.push({ ...listen(stream), stream, from: behind })
        }
        await bob.dm.send('alice.test', text)
      }
      net.clearFaults()
      await until(() => listeners.every(({ heard, from }) => heard.length >= sent.length - from))
      for (const { stream } of listeners) stream.close()
      await Promise.all(listeners.map(({ over }) => over))
      for (const { heard, from } of listeners) assert.deepEqual(heard, sent.slice(from))
    }
  })

  it('do not depend on who watches', async () => {
    const { net, alice, bob } = await begin()
    const stream = await fromNow(alice)
    stream.onState(() => {
      throw new Error('a bug of the one who watches')
    })
    const { heard, over } = listen(stream)
    await until(() => net.openStreams === 1)
    net.fault({ method: 'com.atproto.server.getServiceAuth', status: 503, times: 3 })
    net.cutStreams()
    await bob.dm.send('alice.test', 'hello')
    await until(() => heard.length === 1)
    stream.close()
    await over
  })

  it('are polled for while the stream does not open, and come over it when it does', async () => {
    const { net, alice, bob } = await begin()
    net.fault({ method: subscribeLog, times: 2 })
    const stream = await fromNow(alice)
    const { heard, over } = listen(stream)
    await bob.dm.send('alice.test', 'polled')
    await until(() => heard.length === 1)
    assert.ok(polls(net) > 0)
    await until(() => net.openStreams === 1)
    const before = polls(net)
    await bob.dm.send('alice.test', 'told')
    await until(() => heard.length === 2)
    assert.equal(polls(net), before)
    stream.close()
    await over
  })

  it('are polled for where the handshake gets no answer', async () => {
    const { net, alice, bob } = await begin()
    net.fault({ method: subscribeLog, hang: true, times: 100 })
    const stream = await fromNow(alice)
    const { heard, over } = listen(stream)
    await bob.dm.send('alice.test', 'hello')
    await until(() => heard.length === 1)
    stream.close()
    await over
  })

  it('are polled for where the service has no stream, the platform no WebSocket, or nobody wants it', async () => {
    for (const [options, webSocket, transport] of [
      [{ extensions: false }, true, 'auto'],
      [{}, false, 'auto'],
      [{}, true, 'poll'],
    ] as const) {
      const { net, alice, bob } = await begin(options)
      const client = webSocket ? alice : await net.client('alice.test', { webSocket: () => assert.fail() })
      if (!webSocket) net.fault({ method: 'com.atproto.server.getServiceAuth', status: 403, times: 9 })
      const stream = await fromNow(client, { transport })
      const { heard, over } = listen(stream)
      await bob.dm.send('alice.test', 'hello')
      await until(() => heard.length === 1)
      assert.equal(net.openStreams, 0)
      assert.ok(polls(net) > 0)
      stream.close()
      await over
    }
  })

  it('are polled for where the stream would go in the clear', async () => {
    for (const url of ['http://chat.example.org', 'ftp://chat.example.org', 'no address']) {
      const { net, bob } = await begin()
      const fetchThere: typeof fetch = async (input, init) => {
        const response = await net.fetch(input, init)
        if (!String(input).includes('describeServer')) return response
        return Response.json({ ...((await response.json()) as object), url })
      }
      const webSocket = () => assert.fail('a token in the clear')
      const alice = await net.client('alice.test', { fetch: fetchThere, webSocket })
      const stream = await fromNow(alice)
      const { heard, over } = listen(stream)
      await bob.dm.send('alice.test', 'hello')
      await until(() => heard.length === 1)
      assert.ok(!net.requests.some(({ method }) => method.endsWith('getServiceAuth')))
      stream.close()
      await over
    }
  })

  it('go on over a new connection when the token ends', async () => {
    const { net, alice, bob } = await begin()
    const stream = await fromNow(alice)
    const { heard, over } = listen(stream)
    await until(() => net.openStreams === 1)
    await net.advance(60 * 60_000)
    await bob.dm.send('alice.test', 'an hour later')
    await until(() => heard.length === 1)
    const tokens = () => net.requests.filter(({ method }) => method.endsWith('getServiceAuth'))
    await until(() => tokens().length === 2 && net.openStreams === 1)
    stream.close()
    await over
  })

  it('come no more of an account that has logged out', async () => {
    const { net, alice, bob } = await begin()
    const stream = await fromNow(alice)
    const { heard, over } = listen(stream)
    await until(() => net.openStreams === 1)
    const ended = assert.rejects(over, { code: 'auth/required' })
    await alice.logout()
    await bob.dm.send('alice.test', 'who is there?')
    await ended
    assert.deepEqual([heard, net.openStreams], [[], 0])
  })

  it('come no more of an account that has logged out while the stream was being opened', async () => {
    const { net, alice } = await begin({ pace: 1 })
    const asked = Promise.withResolvers<void>()
    const answer = Promise.withResolvers<void>()
    const slow: typeof fetch = async (input, init) => {
      if (String(input).includes('getServiceAuth')) {
        asked.resolve()
        await answer.promise
      }
      return net.fetch(input, init)
    }
    const client = await net.client('alice.test', { fetch: slow })
    const stream = await fromNow(client)
    const ended = assert.rejects(listen(stream).over, { code: 'auth/required' })
    await asked.promise
    await client.logout()
    answer.resolve()
    await ended
    assert.equal(net.openStreams, 0)
    assert.ok(alice.me)
  })

  it('are those of one account: another that logs in has a stream of its own', async () => {
    const { net, alice, bob } = await begin()
    const client = await net.client('alice.test')
    const stream = await fromNow(client)
    const { heard, over } = listen(stream)
    await until(() => net.openStreams === 1)
    const ended = assert.rejects(over, { code: 'auth/required' })
    await client.login('bob.test', net.user('bob.test').password)
    await alice.dm.send('bob.test', 'private to bob')
    await ended
    assert.deepEqual(heard, [])
    const own = listen(await fromNow(client))
    await bob.dm.send('alice.test', 'from bob')
    await until(() => own.heard.length === 1)
    assert.deepEqual(own.heard, ['from bob'])
  })

  it('are polled for at once where a connection is silent, and nothing waits for it to be closed', async () => {
    const { net, bob } = await begin({ pace: 1 })
    let opened = 0
    const silent: OpenWebSocket = () => {
      opened += 1
      return { addEventListener: () => {}, close: () => {} }
    }
    const alice = await net.client('alice.test', { webSocket: silent })
    const stream = await fromNow(alice)
    const { heard, over } = listen(stream)
    await until(() => opened === 1)
    await bob.dm.send('alice.test', 'hello')
    await net.advance(2_000)
    await until(() => heard.length === 1)
    stream.close()
    await over
  })

  it('are polled for again when a connection falls silent', async () => {
    const { net, bob } = await begin({ pace: 1 })
    const deaf: OpenWebSocket = (url, protocols) => {
      const socket = net.webSocket(url, protocols)
      let heard = 0
      const addEventListener = (type: string, listener: (event: never) => void) =>
        socket.addEventListener(type as 'message', event => {
          if (type !== 'message' || heard++ === 0) listener(event as never)
        })
      return { addEventListener, close: () => {} }
    }
    const alice = await net.client('alice.test', { webSocket: deaf })
    const stream = await fromNow(alice)
    const states: string[] = []
    stream.onState(state => states.push(state))
    const { heard, over } = listen(stream)
    await until(() => states.includes('live'))
    await bob.dm.send('alice.test', 'hello')
    for (let passed = 0; heard.length === 0 && passed < 20; passed++) {
      await net.advance(30_000)
      await sleep(5)
    }
    assert.deepEqual(heard, ['hello'])
    stream.close()
    await over
  })

  it('are no flood of handshakes where each connection ends as soon as it is open', async () => {
    const { net, bob } = await begin()
    let opened = 0
    const brief: OpenWebSocket = (url, protocols) => {
      opened += 1
      const socket = net.webSocket(url, protocols)
      socket.addEventListener('message', () => queueMicrotask(() => socket.close()))
      return socket
    }
    const alice = await net.client('alice.test', { webSocket: brief })
    const stream = await fromNow(alice)
    const { heard, over } = listen(stream)
    const begun = net.clock.now()
    const texts = Array.from({ length: 40 }, (_, i) => `message ${i}`)
    for (const text of texts) {
      await bob.dm.send('alice.test', text)
      await sleep(10)
    }
    await until(() => heard.length === texts.length)
    const seconds = (net.clock.now() - begun) / 1000
    assert.ok(opened <= 2 + Math.log2(seconds + 1), `${opened} in ${seconds} s`)
    stream.close()
    await over
  })

  it('say how they are: live for each stream, and reconnecting while there is no way', async () => {
    const { net, alice, bob } = await begin()
    const states: string[][] = [[], []]
    const streams = [await fromNow(alice), await fromNow(alice)]
    const listeners = streams.map((stream, index) => {
      stream.onState(state => states[index]!.push(state))
      return listen(stream)
    })
    await until(() => states.every(heard => heard.at(-1) === 'live'))
    net.fault({ method: 'com.atproto.server.getServiceAuth', status: 503, times: Number.POSITIVE_INFINITY })
    net.fault({ method: getLog, status: 503, times: Number.POSITIVE_INFINITY })
    net.cutStreams()
    await until(() => states.every(heard => heard.at(-1) === 'reconnecting'))
    net.clearFaults()
    await until(() => states.every(heard => heard.at(-1) === 'live'))
    await bob.dm.send('alice.test', 'hello')
    await until(() => listeners.every(({ heard }) => heard.length === 1))
    for (const stream of streams) stream.close()
    await Promise.all(listeners.map(({ over }) => over))
    for (const heard of states) assert.deepEqual(heard, ['live', 'reconnecting', 'live', 'stopped'])
  })

  it('come over the platform’s own WebSocket', async () => {
    const { net, bob } = await begin({ pace: 1 })
    await using listening = await net.listen()
    const alice = new Client({ service: listening.url, chat: net.chat })
    await alice.login('alice.test', net.user('alice.test').password)
    const stream = await fromNow(alice)
    const { heard, over } = listen(stream)
    const isLive = new Promise<void>(resolve => stream.onState(state => state === 'live' && resolve()))
    await isLive
    await bob.dm.send('alice.test', 'hello')
    await until(() => heard.length === 1)
    assert.equal(polls(net), 0)
    stream.close()
    await over
  })

  it('resume from a store as polled ones do', async () => {
    const { net, alice, bob } = await begin()
    const store = memoryCursorStore((await alice.chat.bsky.convo.getLog()).cursor)
    await bob.dm.send('alice.test', 'one')
    const first = alice.dm.events({ cursor: store })
    for await (const event of first) if (event.type === 'message') break
    await bob.dm.send('alice.test', 'two')
    const second = alice.dm.events({ cursor: store })
    const { heard, over } = listen(second)
    await until(() => heard.includes('two'))
    assert.deepEqual(heard, ['one', 'two'], 'what was not done with comes again')
    second.close()
    await over
    assert.equal(net.openStreams, 0)
  })

  it('catch up page by page where the reader is slower than what comes', async () => {
    const { net, alice, bob } = await begin()
    const convo = await bob.dm.with('alice.test')
    const stream = await fromNow(alice)
    const heard: string[] = []
    const slow = Promise.withResolvers<void>()
    const over = (async () => {
      for await (const event of stream) {
        if (event.type !== 'message') continue
        heard.push(event.message.text)
        if (heard.length === 1) await slow.promise
      }
    })()
    await until(() => net.openStreams === 1)
    const sent = Array.from({ length: 1300 }, (_, i) => `message ${i}`)
    for (const text of sent) await bob.chat.bsky.convo.sendMessage({ convoId: convo.id, message: { text } })
    slow.resolve()
    await until(() => heard.length >= sent.length)
    stream.close()
    await over
    assert.deepEqual(heard, sent)
  })
})

describe('events that are polled for', () => {
  it('survive trouble of the network, and say so', async () => {
    const { net, alice, bob } = await begin({ extensions: false })
    const stream = await fromNow(alice)
    const states: string[] = []
    stream.onState(state => states.push(state))
    net.fault({ method: getLog, status: 503, times: 5 })
    const { heard, over } = listen(stream)
    await bob.dm.send('alice.test', 'hello')
    await until(() => heard.length === 1)
    stream.close()
    await over
    assert.deepEqual(states, ['reconnecting', 'live', 'stopped'])
  })

  it('end with an error that no waiting mends', async () => {
    const { net, alice } = await begin({ extensions: false })
    const stream = await fromNow(alice)
    net.fault({ method: getLog, status: 403, error: 'ScopeMissingError', times: Number.POSITIVE_INFINITY })
    await assert.rejects(listen(stream).over, { code: 'auth/missing-dm-scope' })
  })
})
