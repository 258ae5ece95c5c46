import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Clock } from './clock.ts'
import { ChatError, Client, type ClientOptions } from './index.ts'
import { message, type Reply, refusal, startPds, type ToyPds } from './testing/toy-pds.ts'

const LIST = 'chat.bsky.convo.listConvos'
const SEND = 'chat.bsky.convo.sendMessage'

/** A clock whose waits are over at once, and are written down. */
function notedClock() {
  const sleptMs: number[] = []
  const clock: Clock = {
    now: () => Date.now(),
    random: () => 0,
    sleep: async ms => void sleptMs.push(ms),
  }
  return { clock, sleptMs }
}

async function loggedIn(pds: ToyPds, options: ClientOptions = {}): Promise<Client> {
  const client = new Client({ service: pds.url, ...options })
  await client.login('alice.test', 'password')
  return client
}

const list = (client: Client) => client.chat.bsky.convo.listConvos()
const send = (client: Client) =>
  client.chat.bsky.convo.sendMessage({ convoId: 'convo1', message: { text: 'my secret' } })

async function errorOf(call: Promise<unknown>): Promise<ChatError> {
  const error = await call.then(
    () => assert.fail('expected a ChatError'),
    error => error,
  )
  assert.ok(error instanceof ChatError, String(error))
  return error
}

/** Answers with these, one after the other, and then as it should be. */
function replies(pds: ToyPds, method: string, ...list: Reply[]): void {
  const good: Reply = { json: method === SEND ? message : { convos: [] } }
  pds.on(method, () => list.shift() ?? good)
}

test('a server that never answers is given up after the time limit, and its line is closed', async () => {
  await using pds = await startPds()
  const signals: (AbortSignal | null | undefined)[] = []
  const watched: typeof fetch = (input, init) => {
    signals.push(init?.signal)
    return fetch(input, init)
  }
  const client = (await loggedIn(pds, { fetch: watched })).clone({ timeoutMs: 60 })
  pds.on(LIST, () => ({ fate: 'hang' }))
  pds.on(SEND, () => ({ fate: 'hang' }))
  const read = await errorOf(list(client))
  assert.deepEqual([read.code, read.delivered, read.method], ['timeout', 'no', LIST])
  assert.equal(signals.at(-1)?.aborted, true)
  const sent = await errorOf(send(client.withBskyChatProxy()))
  assert.deepEqual([sent.code, sent.delivered, sent.retryable], ['timeout', 'unknown', true])
  pds.on(LIST, () => ({ fate: 'hang-after-headers' }))
  assert.equal((await errorOf(list(client))).code, 'timeout')
  assert.equal(signals.length, 4) // the login and these three: none was tried again
})

test('the time limit is ten seconds unless it is set', async context => {
  await using pds = await startPds()
  const client = await loggedIn(pds)
  pds.on(LIST, () => ({ fate: 'hang' }))
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const hanging = errorOf(list(client))
  await new Promise(resolve => setImmediate(resolve))
  let isOver = false
  void hanging.then(() => {
    isOver = true
  })
  context.mock.timers.tick(9_999)
  await new Promise(resolve => setImmediate(resolve))
  assert.equal(isOver, false)
  context.mock.timers.tick(1)
  assert.equal((await hanging).code, 'timeout')
})

test('the time limit holds for the login, the refresh, and a fetch that ignores its signal', async () => {
  await using pds = await startPds()
  const client = await loggedIn(pds)
  pds.on('com.atproto.server.createSession', () => ({ fate: 'hang' }))
  pds.on('com.atproto.server.refreshSession', () => ({ fate: 'hang' }))
  pds.on(LIST, () => refusal(400, 'ExpiredToken', 'Token has expired'))
  const options = { timeoutMs: 60 }
  assert.equal((await errorOf(client.login('alice.test', 'password', options))).code, 'timeout')
  assert.equal((await errorOf(client.chat.bsky.convo.listConvos({}, options))).code, 'timeout')
  const deaf = new Client({ service: pds.url, timeoutMs: 60, fetch: () => new Promise(() => {}) })
  assert.equal((await errorOf(deaf.login('alice.test', 'password'))).code, 'timeout')
})

test('a call can be given a time limit and a signal of its own', async () => {
  await using pds = await startPds()
  const client = await loggedIn(pds)
  pds.on(LIST, () => ({ fate: 'hang' }))
  const { convo } = client.chat.bsky
  assert.equal((await errorOf(convo.listConvos({}, { timeoutMs: 50 }))).code, 'timeout')
  const reason = new Error('the user went away')
  const controller = new AbortController()
  const waiting = convo.listConvos({}, { signal: controller.signal })
  controller.abort(reason)
  const aborted = await errorOf(waiting)
  assert.deepEqual([aborted.code, aborted.retryable], ['aborted', false])
  const before = pds.received.length
  const input = { convoId: 'convo1', message: { text: 'x' } }
  const never = await errorOf(convo.sendMessage(input, { signal: AbortSignal.abort(reason) }))
  assert.deepEqual([never.code, never.delivered], ['aborted', 'no'])
  assert.equal(pds.received.length, before)
})

test('a read is tried again after a 502, a 503, a 504 and a cut line, at most three times in all', async () => {
  await using pds = await startPds()
  const { clock, sleptMs } = notedClock()
  const client = await loggedIn(pds, { clock })
  replies(pds, LIST, refusal(502, 'UpstreamFailure', 'Upstream service unreachable'), { fate: 'cut' })
  await list(client)
  assert.deepEqual(sleptMs, [150, 300])
  replies(pds, LIST, { status: 503 }, { status: 504 })
  await list(client)
  assert.equal(pds.count(LIST), 6)
  replies(pds, LIST, { status: 502 }, { status: 502 }, { status: 502 })
  const error = await errorOf(list(client))
  assert.deepEqual([error.code, error.retryable], ['upstream', true])
  assert.equal(pds.count(LIST), 9)
  replies(pds, LIST, { status: 502 })
  assert.equal((await errorOf(list(client.clone({ retry: false })))).code, 'upstream')
  assert.equal(pds.count(LIST), 10)
})

test('a 500 and a refusal are not tried again', async () => {
  await using pds = await startPds()
  const client = await loggedIn(pds)
  replies(pds, LIST, refusal(500, 'InternalServerError', 'Internal Server Error'))
  assert.equal((await errorOf(list(client))).code, 'server')
  replies(pds, LIST, refusal(400, 'InvalidRequest', 'nope'))
  assert.equal((await errorOf(list(client))).code, 'invalid-input')
  assert.equal(pds.count(LIST), 2)
})

test('a call that the PDS could not pass on hints that the chat service may be down', async () => {
  await using pds = await startPds()
  const client = (await loggedIn(pds)).clone({ chat: 'did:web:chat.example#bsky_chat', retry: false })
  const hint = /did:web:chat\.example#bsky_chat may be down or not reachable from the PDS/
  const failures = [refusal(500, 'InternalServerError', 'Internal Server Error'), { status: 500 }]
  failures.push(refusal(502, 'UpstreamFailure', 'Upstream service unreachable'), { status: 504 })
  for (const failure of failures) {
    replies(pds, SEND, failure)
    const error = await errorOf(send(client))
    assert.match(error.hint ?? '', hint)
    assert.deepEqual([error.status, error.delivered], [failure.status, 'unknown'])
  }
  replies(pds, SEND, refusal(500, 'SomethingNamed', 'with a reason of its own'))
  assert.equal((await errorOf(send(client))).hint, undefined)
  pds.on('com.atproto.server.createSession', () => refusal(500, 'InternalServerError', 'x'))
  assert.equal((await errorOf(client.login('alice.test', 'password'))).hint, undefined)
})

test('a send that may have been stored is sent once and says that nobody knows', async () => {
  await using pds = await startPds()
  const client = await loggedIn(pds)
  let stored = 0
  pds.on(SEND, () => {
    stored++
    return refusal(502, 'UpstreamFailure', 'Upstream Failure')
  })
  const bad = await errorOf(send(client))
  assert.deepEqual([bad.code, bad.delivered, bad.status], ['upstream', 'unknown', 502])
  pds.on(SEND, () => {
    stored++
    return { fate: 'cut' }
  })
  const cut = await errorOf(send(client))
  assert.deepEqual([cut.code, cut.delivered], ['network', 'unknown'])
  assert.equal(stored, 2)
})

test('a send that was refused or never left says that it was not delivered', async () => {
  const pds = await startPds()
  const client = await loggedIn(pds)
  replies(pds, SEND, refusal(400, 'InvalidConvo', 'Convo not found'))
  const refused = await errorOf(send(client))
  assert.deepEqual([refused.code, refused.delivered], ['convo/not-found', 'no'])
  const gone = await startPds()
  await gone[Symbol.asyncDispose]()
  await client.login({ session: client.exportSession().replace(pds.url, gone.url) })
  await pds[Symbol.asyncDispose]()
  const down = await errorOf(send(client))
  assert.deepEqual([down.code, down.delivered, down.retryable], ['network', 'no', true])
  assert.doesNotMatch(JSON.stringify(down) + down.stack, /secret/)
})

test('a 429 is waited for as its message says, then as Retry-After says, a send included', async () => {
  await using pds = await startPds()
  const { clock, sleptMs } = notedClock()
  const client = await loggedIn(pds, { clock })
  const limited = 'Rate Limit Exceeded, retry after 7 seconds'
  replies(pds, SEND, refusal(429, 'RateLimitExceeded', limited, { 'retry-after': '3' }))
  await send(client)
  replies(pds, SEND, refusal(429, 'RateLimitExceeded', 'Rate Limit Exceeded', { 'retry-after': '3' }))
  await send(client)
  const date = new Date(Date.now() + 5_000).toUTCString()
  replies(pds, LIST, refusal(429, 'RateLimitExceeded', 'Rate Limit Exceeded', { 'retry-after': date }))
  await list(client)
  assert.deepEqual(sleptMs.slice(0, 2), [7_000, 3_000])
  assert.ok(sleptMs[2]! > 3_000 && sleptMs[2]! <= 5_000)
  assert.equal(pds.count(SEND), 4)
})

test("the PDS's own rate limit counts only when nothing remains of it", async () => {
  await using pds = await startPds()
  const { clock, sleptMs } = notedClock()
  const client = await loggedIn(pds, { clock })
  const reset = String(Math.ceil(Date.now() / 1000) + 20)
  const headers = { 'ratelimit-limit': '3000', 'ratelimit-remaining': '2999', 'ratelimit-reset': reset }
  replies(pds, LIST, refusal(502, 'UpstreamFailure', 'x', headers))
  await list(client)
  replies(pds, LIST, refusal(429, 'RateLimitExceeded', 'Rate Limit Exceeded', headers))
  await list(client)
  assert.deepEqual(sleptMs, [150, 150])
  const empty = { ...headers, 'ratelimit-remaining': '0' }
  replies(pds, LIST, refusal(429, 'RateLimitExceeded', 'Rate Limit Exceeded', empty))
  await list(client)
  assert.ok(sleptMs[2]! > 15_000 && sleptMs[2]! <= 21_000)
})

test('a wait longer than the cap is left to the caller', async () => {
  await using pds = await startPds()
  const { clock, sleptMs } = notedClock()
  const client = await loggedIn(pds, { clock })
  replies(pds, LIST, refusal(429, 'RateLimitExceeded', 'Rate Limit Exceeded', { 'retry-after': '21600' }))
  const error = await errorOf(list(client))
  assert.deepEqual([error.code, error.retryAfterMs, error.delivered], ['rate-limited', 21_600_000, 'no'])
  assert.deepEqual(sleptMs, [])
  replies(pds, LIST, refusal(429, 'RateLimitExceeded', 'Rate Limit Exceeded', { 'retry-after': '60' }))
  await client.chat.bsky.convo.listConvos({}, { retry: { delayMsMax: 120_000 } })
  assert.deepEqual(sleptMs, [60_000])
})

test('an abort ends the wait for the next try', async () => {
  await using pds = await startPds()
  const controller = new AbortController()
  const client = await loggedIn(pds, { hooks: { onRetry: () => controller.abort() } })
  replies(pds, LIST, refusal(429, 'RateLimitExceeded', 'Rate Limit Exceeded', { 'retry-after': '30' }))
  const error = await errorOf(client.chat.bsky.convo.listConvos({}, { signal: controller.signal }))
  assert.equal(error.code, 'aborted')
})

test('something other than JSON, and more of it than anyone needs, is an error of its own', async () => {
  await using pds = await startPds()
  const client = await loggedIn(pds)
  replies(pds, LIST, { text: '<html>hello</html>' })
  assert.equal((await errorOf(list(client))).code, 'invalid-response')
  replies(pds, LIST, { text: `{"convos":[]}${' '.repeat(17 * 1024 * 1024)}` })
  assert.equal((await errorOf(list(client))).code, 'invalid-response')
  replies(pds, LIST, { text: 'null' })
  assert.equal((await errorOf(list(client))).code, 'invalid-response')
  replies(pds, LIST, { status: 400, text: '["odd"]' })
  assert.equal((await errorOf(list(client))).code, 'refused')
})

test('a redirect is followed by no call: neither password nor message goes to another host', async () => {
  await using pds = await startPds()
  await using elsewhere = await startPds()
  const client = await loggedIn(pds)
  const redirect = (status: number) => (request: { method: string }) => ({
    status,
    headers: { location: `${elsewhere.url}/xrpc/${request.method}` },
  })
  for (const status of [301, 302, 303, 307, 308]) {
    for (const method of [LIST, SEND, 'com.atproto.server.createSession']) pds.on(method, redirect(status))
    const sent = await errorOf(send(client))
    assert.deepEqual([sent.code, sent.status, sent.delivered], ['invalid-response', status, 'unknown'])
    assert.ok(sent.message.includes(elsewhere.url), sent.message)
    assert.match(sent.message, /not followed/)
    const read = await errorOf(list(client))
    assert.deepEqual([read.code, read.delivered, read.retryable], ['invalid-response', 'no', false])
    assert.equal((await errorOf(client.login('alice.test', 'password'))).code, 'invalid-response')
  }
  assert.deepEqual(elsewhere.received, [])
})

test('a fetch that follows redirects in spite of us, or hides them as browsers do, is no success', async () => {
  await using pds = await startPds()
  const client = await loggedIn(pds)
  const session = client.exportSession()
  const answers = [
    Object.defineProperty(Response.json({}), 'redirected', { value: true }),
    Object.defineProperties(Response.json({}), { type: { value: 'opaqueredirect' }, status: { value: 0 } }),
  ]
  for (const response of answers) {
    const odd = new Client({ service: pds.url, fetch: async () => response })
    await odd.login({ session })
    const error = await errorOf(send(odd))
    assert.deepEqual([error.code, error.delivered], ['invalid-response', 'unknown'])
  }
})

test('an export that does not end is given up at 256 MB', async () => {
  await using pds = await startPds()
  const session = (await loggedIn(pds)).exportSession()
  const chunk = new Uint8Array(16 * 1024 * 1024) // the same one each time, so that this test stays small
  let sent = 0
  const pull = (stream: ReadableStreamDefaultController) => {
    sent++
    stream.enqueue(chunk)
  }
  const endless: typeof fetch = async () => new Response(new ReadableStream({ pull }))
  const client = new Client({ service: pds.url, fetch: endless })
  await client.login({ session })
  const error = await errorOf(client.chat.bsky.actor.exportAccountData())
  assert.equal(error.code, 'invalid-response')
  assert.match(error.message, /more than 268435456 bytes/)
  assert.ok(sent < 20)
})

test('hooks see every try of every clone, and one that throws does no harm', async () => {
  await using pds = await startPds()
  const seen: string[] = []
  class Watcher {
    #count = 0
    onRequest(event: { method: string; attempt: number }) {
      this.#count++
      seen.push(`${event.method} ${event.attempt} ${this.#count}`)
    }
    onResponse(event: { method: string; error?: ChatError }) {
      seen.push(`${event.method} ${event.error?.code ?? 'fine'}`)
    }
    onRetry() {
      throw new Error('my logger is broken')
    }
  }
  const { clock } = notedClock()
  const client = await loggedIn(pds, { clock, hooks: new Watcher() })
  replies(pds, LIST, { status: 502 })
  await list(client.withBskyChatProxy())
  const login = 'com.atproto.server.createSession'
  const tries = [`${LIST} 1 2`, `${LIST} upstream`, `${LIST} 2 3`, `${LIST} fine`]
  assert.deepEqual(seen, [`${login} 1 1`, `${login} fine`, ...tries])
})
