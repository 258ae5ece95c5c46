import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, beforeEach, describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import * as v from '@atcute/lexicons/validations'
import { AppError } from '../errors.ts'
import { bodyBytesMax } from '../limits.ts'
import { endpoint } from './endpoint.ts'
import { startTestEdge, type TestEdge } from './test-edge.ts'

let handled = 0
let whileHandling: () => Promise<void> = async () => {}

const greet = endpoint(
  v.query('org.example.greet', {
    params: v.object({ name: v.optional(v.string(), 'nobody') }),
    output: { type: 'lex', schema: v.object({ greeting: v.string(), caller: v.string() }) },
  }),
  async (_ctx, { params, caller }) => {
    handled += 1
    await whileHandling()
    return { greeting: `hello ${params.name}`, caller: caller.did }
  },
)

const write = endpoint(
  v.procedure('org.example.write', {
    params: null,
    input: { type: 'lex', schema: v.object({ text: v.string() }) },
    output: { type: 'lex', schema: v.object({ length: v.integer() }) },
  }),
  async (_ctx, { input }) => {
    handled += 1
    return { length: input.text.length }
  },
)

const ping = endpoint(
  v.procedure('org.example.ping', { params: null, input: null, output: null }),
  async () => undefined,
)

const exportLines = endpoint(
  v.query('org.example.export', {
    params: v.object({ lines: v.integer() }),
    output: { type: 'blob', encoding: ['application/jsonl'] },
  }),
  async (_ctx, { params }) => lines(params.lines),
)

async function* lines(count: number): AsyncIterable<string> {
  for (let at = 0; at < count; at += 1) yield `{"line":${at}}\n`
  if (count > 5) throw new Error('a page is missing')
}

const fail = endpoint(
  v.query('org.example.fail', { params: v.object({ how: v.string() }), output: null }),
  async (_ctx, { params }) => {
    if (params.how === 'bug')
      throw new TypeError('the secret recipe', { cause: new Error('the deeper secret') })
    if (params.how === 'nothing') throw undefined
    throw new AppError(params.how as AppError['name'], 'as asked')
  },
)

const lie = endpoint(
  v.query('org.example.lie', {
    params: null,
    output: { type: 'lex', schema: v.object({ count: v.integer() }) },
  }),
  async () => ({ count: 'many' }) as never,
)

const endpoints = [greet, write, ping, exportLines, fail, lie]

describe('the HTTP edge', () => {
  let edge: TestEdge
  before(async () => {
    edge = await startTestEdge({ endpoints })
  })
  beforeEach(() => {
    handled = 0
    whileHandling = async () => {}
    edge.log.length = 0
  })
  after(() => edge.close())

  async function refused(response: Promise<Response>, status: number, error: string): Promise<string> {
    const answer = await response
    const body = (await answer.json()) as { error: string; message: string }
    assert.deepEqual([answer.status, body.error], [status, error], body.message)
    assert.deepEqual(Object.keys(body), ['error', 'message'])
    assert.match(answer.headers.get('content-type')!, /^application\/json/)
    assert.equal(handled, 0)
    return body.message
  }

  it('answers a query', async () => {
    const answer = await edge.call('org.example.greet', { query: '?name=Ann%20%2B+B%C3%A9' })
    assert.equal(answer.status, 200)
    assert.match(answer.headers.get('content-type')!, /^application\/json/)
    assert.deepEqual(await answer.json(), { greeting: 'hello Ann + Bé', caller: edge.did })
  })

  it('answers HEAD as GET without the body', async () => {
    const answer = await edge.call('org.example.greet', { init: { method: 'HEAD' } })
    assert.equal(answer.status, 200)
    assert.equal(await answer.text(), '')
  })

  it('answers a procedure, whatever the case and charset of the content type', async () => {
    for (const type of [
      'application/json',
      'application/json; charset=utf-8',
      'Application/JSON;charset=UTF-8',
    ]) {
      const init = { method: 'POST', headers: { 'content-type': type }, body: '{"text":"grüße"}' }
      const answer = await edge.call('org.example.write', { init })
      assert.deepEqual([answer.status, await answer.json()], [200, { length: 5 }])
    }
  })

  it('answers a procedure without input or output', async () => {
    for (const init of [
      { method: 'POST' },
      { method: 'POST', headers: { 'content-type': 'application/json' } },
    ]) {
      const answer = await edge.call('org.example.ping', { init })
      assert.deepEqual([answer.status, await answer.text()], [200, ''])
    }
    await refused(edge.post('org.example.ping', '{}'), 400, 'InvalidRequest')
  })

  it('streams an answer that is not JSON under the type its lexicon names', async () => {
    const answer = await edge.call('org.example.export', { query: '?lines=3' })
    assert.equal(answer.headers.get('content-type'), 'application/jsonl')
    assert.equal(await answer.text(), '{"line":0}\n{"line":1}\n{"line":2}\n')
  })

  it('breaks a stream off when it fails, so that nobody takes the part for the whole', async () => {
    const answer = await edge.call('org.example.export', { query: '?lines=6' })
    await assert.rejects(answer.text())
    assert.ok(edge.log.some(line => line.includes('a page is missing')))
  })

  it('does not know methods it does not have', async () => {
    await refused(edge.call('chat.bsky.convo.levitate'), 501, 'MethodNotImplemented')
    await refused(edge.call('org.example.GREET'), 501, 'MethodNotImplemented')
    for (const path of ['nonsense', 'org.example', '..%2f..%2fetc', 'a'.repeat(300), '_health']) {
      await refused(fetch(`${edge.url}/xrpc/${path}`, { method: 'POST' }), 400, 'InvalidRequest')
    }
    await refused(fetch(`${edge.url}/elsewhere`), 404, 'NotFound')
    await refused(fetch(`${edge.url}/elsewhere`, { method: 'POST', body: '{"a":' }), 404, 'NotFound')
    for (const path of ['a'.repeat(400), '%ff']) {
      await refused(fetch(`${edge.url}/xrpc/${path}`), 400, 'InvalidRequest')
    }
  })

  it('refuses the wrong verb before asking who calls', async () => {
    const post = await refused(
      fetch(`${edge.url}/xrpc/org.example.greet`, { method: 'POST' }),
      400,
      'InvalidRequest',
    )
    assert.equal(post, 'Incorrect HTTP method (POST) expected GET')
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
      await refused(fetch(`${edge.url}/xrpc/org.example.write`, { method }), 400, 'InvalidRequest')
    }
  })

  it('asks who calls before it reads anything', async () => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"text":' }
    await refused(fetch(`${edge.url}/xrpc/org.example.write`, init), 401, 'AuthMissing')
    await refused(fetch(`${edge.url}/xrpc/org.example.fail`), 401, 'AuthMissing')
    const authorization = `Bearer ${await edge.token('org.example.greet')}`
    await refused(
      edge.call('org.example.write', { init: { ...init, headers: { authorization } } }),
      401,
      'BadJwtLexiconMethod',
    )
  })

  it('answers a stranger without waiting for the body', async () => {
    const answer = await raw(edge.port, [
      'POST /xrpc/org.example.write HTTP/1.1',
      'Host: x',
      'Content-Type: application/json',
      'Content-Length: 1000',
    ])
    assert.match(answer, /^HTTP\/1\.1 401 /)
  })

  it('refuses two Authorization headers, though one alone would do', async () => {
    const authorization = `Authorization: Bearer ${await edge.token('org.example.greet')}`
    const request = ['GET /xrpc/org.example.greet HTTP/1.1', 'Host: x', 'Connection: close', authorization]
    assert.match(await raw(edge.port, request), /^HTTP\/1\.1 200 /)
    const twice = await raw(edge.port, [...request, authorization.replace('Authorization', 'authorization')])
    assert.match(twice, /^HTTP\/1\.1 401 /)
    assert.match(twice, /"error":"BadJwt"/)
  })

  it('refuses a body that is not what it claims to be', async () => {
    const bad = [
      '',
      '{',
      '{"text":"a"',
      'text',
      '{"text":"a"}{"text":"b"}',
      '\ufeff{"text":"a"}',
      "{'text':'a'}",
      'NaN',
    ]
    for (const body of bad) await refused(edge.post('org.example.write', body), 400, 'InvalidRequest')
    for (const body of ['null', '[]', '"text"', '5', '{}', '{"text":5}', '{"text":null}', '{"text":["a"]}']) {
      await refused(edge.post('org.example.write', body), 400, 'InvalidRequest')
    }
    for (const type of [
      'text/plain',
      'application/jsonl',
      'application/jsonx',
      'text/json',
      'nonsense',
      'a/b; c',
    ]) {
      const init = { method: 'POST', headers: { 'content-type': type }, body: '{"text":"a"}' }
      await refused(edge.call('org.example.write', { init }), 400, 'InvalidRequest')
    }
  })

  it('refuses a body on a query', async () => {
    const authorization = `Authorization: Bearer ${await edge.token('org.example.greet')}`
    const request = ['GET /xrpc/org.example.greet HTTP/1.1', 'Host: x', 'Connection: close', authorization]
    assert.match(await raw(edge.port, [...request, 'Content-Length: 2', '', '{}']), /^HTTP\/1\.1 400 /)
  })

  it('refuses compressed bodies by name', async () => {
    for (const encoding of ['gzip', 'br', 'zstd', 'gzip, identity']) {
      const headers = { 'content-type': 'application/json', 'content-encoding': encoding }
      const init = { method: 'POST', headers, body: gzipSync('{"text":"a"}') }
      const message = await refused(edge.call('org.example.write', { init }), 400, 'InvalidRequest')
      assert.match(message, /Content-Encoding/)
    }
    const headers = { 'content-type': 'application/json', 'content-encoding': 'identity' }
    const plain = await edge.call('org.example.write', {
      init: { method: 'POST', headers, body: '{"text":"a"}' },
    })
    assert.equal(plain.status, 200)
  })

  it('refuses bytes that are not UTF-8', async () => {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: Buffer.concat([Buffer.from('{"text":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
    }
    await refused(edge.call('org.example.write', { init }), 400, 'InvalidRequest')
  })

  it('refuses a body that is too large, announced or not', async () => {
    const body = JSON.stringify({ text: 'a'.repeat(bodyBytesMax) })
    await refused(edge.post('org.example.write', body), 413, 'PayloadTooLarge')
    const authorization = `Authorization: Bearer ${await edge.token('org.example.write')}`
    const announced = [
      'POST /xrpc/org.example.write HTTP/1.1',
      'Host: x',
      `Content-Length: ${bodyBytesMax + 1}`,
    ]
    assert.match(await raw(edge.port, [...announced, authorization]), /^HTTP\/1\.1 413 /)
    const head = [
      'POST /xrpc/org.example.write HTTP/1.1',
      'Host: x',
      'Transfer-Encoding: chunked',
      authorization,
    ]
    const piece = `100000\r\n${'a'.repeat(0x100000)}`
    // Three pieces of 1 MiB and no end: the refusal comes while the body still does.
    assert.match(await raw(edge.port, [...head, '', piece, piece, piece]), /^HTTP\/1\.1 413 /)
    assert.equal(
      (await edge.post('org.example.write', JSON.stringify({ text: 'a'.repeat(100_000) }))).status,
      200,
    )
  })

  it('gives up on a body whose sender hangs up', async () => {
    const authorization = `Authorization: Bearer ${await edge.token('org.example.write')}`
    const head = ['POST /xrpc/org.example.write HTTP/1.1', 'Host: x', 'Content-Length: 100', authorization]
    const socket = connect(edge.port, '127.0.0.1', () => socket.end(`${head.join('\r\n')}\r\n\r\n{"text":`))
    socket.resume()
    await once(socket, 'close')
    while (edge.log.length === 0) await setImmediate()
    assert.equal(JSON.parse(edge.log[0]!).error, 'InvalidRequest')
    assert.equal(handled, 0)
  })

  it('gives up on a body whose sender hung up before anybody asked for it', async () => {
    const head = [
      'POST /xrpc/org.example.write HTTP/1.1',
      'Host: x',
      `Authorization: Bearer ${await edge.token('org.example.write')}`,
      'Content-Length: 1000',
    ]
    const socket = connect(edge.port, '127.0.0.1')
    const hungUp = once(socket, 'close')
    const { signingKey } = edge.identity
    edge.identity.signingKey = async (...question) => {
      socket.resetAndDestroy()
      await hungUp
      // Long enough for the other end to hear of it.
      for (let turn = 0; turn < 20; turn += 1) await setImmediate()
      return signingKey.apply(edge.identity, question)
    }
    socket.write(`${head.join('\r\n')}\r\n\r\n{"text":`)
    while (edge.log.length === 0) await setImmediate()
    edge.identity.signingKey = signingKey
    assert.equal(JSON.parse(edge.log[0]!).error, 'InvalidRequest')
  })

  it('gives named refusals of endpoints the status of their kind', async () => {
    const statuses = {
      InvalidConvo: 400,
      ConvoLocked: 400,
      InvalidRequest: 400,
      UpstreamFailure: 502,
      ServiceUnavailable: 503,
    }
    for (const [name, status] of Object.entries(statuses)) {
      const message = await refused(edge.call('org.example.fail', { query: `?how=${name}` }), status, name)
      assert.equal(message, 'as asked')
    }
  })

  it('tells the log about a bug and the caller nothing', async () => {
    const message = await refused(
      edge.call('org.example.fail', { query: '?how=bug' }),
      500,
      'InternalServerError',
    )
    assert.equal(message, 'Internal Server Error')
    const fault = JSON.parse(edge.log[0]!)
    assert.equal(fault.err.message, 'the secret recipe')
    assert.equal(fault.err.cause.message, 'the deeper secret')
    assert.match(fault.err.stack[0], /adapter\.test\.ts/)
    await refused(edge.call('org.example.fail', { query: '?how=nothing' }), 500, 'InternalServerError')
  })

  it('does not send an answer that its lexicon forbids', async () => {
    await refused(edge.call('org.example.lie'), 500, 'InternalServerError')
  })

  it('logs one line per request: method, caller, status, error and time, and nothing that was said', async () => {
    whileHandling = async () => {
      edge.time.nowMs += 7
    }
    await edge.call('org.example.greet', { query: '?name=SECRET' })
    await edge.post('org.example.write', '{"text":"SECRET')
    await edge.post('org.example.write', '{"text":["SECRET"]}')
    await fetch(`${edge.url}/xrpc/SECRET`, { headers: { authorization: 'Bearer SECRET' } })
    await fetch(`${edge.url}/xrpc/org.example.write`, {
      method: 'POST',
      headers: { authorization: 'Bearer SECRET' },
    })
    const logged = edge.log
      .map(line => JSON.parse(line))
      .map(({ method, did, status, error, ms }) => ({ method, did, status, error, ms }))
    assert.deepEqual(logged, [
      { method: 'org.example.greet', did: edge.did, status: 200, error: undefined, ms: 7 },
      { method: 'org.example.write', did: edge.did, status: 400, error: 'InvalidRequest', ms: 0 },
      { method: 'org.example.write', did: edge.did, status: 400, error: 'InvalidRequest', ms: 0 },
      { method: undefined, did: undefined, status: 400, error: 'InvalidRequest', ms: 0 },
      { method: 'org.example.write', did: undefined, status: 401, error: 'BadJwt', ms: 0 },
    ])
    assert.ok(!edge.log.join('').includes('SECRET'))
  })

  it('lets browsers of every origin in, on success and on refusal', async () => {
    const answers = [
      await edge.call('org.example.greet'),
      await fetch(`${edge.url}/xrpc/org.example.greet`),
      await fetch(`${edge.url}/x`),
    ]
    for (const answer of answers) {
      assert.equal(answer.headers.get('access-control-allow-origin'), '*')
      assert.equal(answer.headers.get('cache-control'), 'no-store')
    }
  })

  it('answers a preflight without asking who calls', async () => {
    for (const path of [
      '/xrpc/org.example.write',
      '/xrpc/chat.bsky.convo.levitate',
      '/.well-known/did.json',
    ]) {
      const answer = await fetch(edge.url + path, { method: 'OPTIONS' })
      assert.deepEqual([answer.status, await answer.text()], [204, ''])
      assert.match(answer.headers.get('access-control-allow-headers')!, /authorization/)
      assert.match(answer.headers.get('access-control-allow-methods')!, /POST/)
      assert.ok(Number(answer.headers.get('access-control-max-age')) > 0)
    }
  })

  it('says who it is, that it is up, and what it is for', async () => {
    const answer = await fetch(`${edge.url}/.well-known/did.json`)
    const document = (await answer.json()) as { id: string; service: unknown }
    assert.equal(document.id, 'did:web:chat.example.org')
    assert.deepEqual(document.service, [
      { id: '#bsky_chat', type: 'BskyChatService', serviceEndpoint: 'https://chat.example.org' },
    ])
    assert.deepEqual(await (await fetch(`${edge.url}/xrpc/_health`)).json(), { version: '1.2.3' })
    assert.match(await (await fetch(edge.url)).text(), /did:web:chat\.example\.org#bsky_chat/)
  })

  it('makes one answer of a connection at a time, however many are asked for', async () => {
    const answer = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    handled = 0
    whileHandling = () => {
      begun.resolve()
      return answer.promise
    }
    const token = await edge.token('org.example.greet')
    const head = ['GET /xrpc/org.example.greet HTTP/1.1', 'Host: x', `Authorization: Bearer ${token}`]
    const request = `${head.join('\r\n')}\r\n\r\n`
    const socket = connect(edge.port, '127.0.0.1')
    socket.write(request.repeat(2))
    await begun.promise
    // A call of somebody else's goes all the way while the second one waits.
    whileHandling = async () => {}
    await edge.call('org.example.greet')
    assert.equal(handled, 2)
    answer.resolve()
    let text = ''
    while (text.split('HTTP/1.1 200').length < 3) text += String((await once(socket, 'data'))[0])
    assert.equal(handled, 3)
    socket.destroy()
  })

  it('answers what is hardly HTTP in the form of every other refusal', async () => {
    const requests: [string[], RegExp][] = [
      [['GET / HTTP/9.9'], /^HTTP\/1\.1 400 /],
      [['GET / HTTP/1.1', 'Host: x', `X-Long: ${'a'.repeat(20_000)}`], /^HTTP\/1\.1 431 /],
      [['POST / HTTP/1.1', 'Host: x', 'Content-Length: 1', 'Transfer-Encoding: chunked'], /^HTTP\/1\.1 400 /],
      [['GET / HTTP/1.1', 'Host: x', 'Bad Header: x'], /^HTTP\/1\.1 400 /],
      [['GET / HTTP/1.1'], /^HTTP\/1\.1 400 /],
      [['GET / HTTP/1.1', 'Host: x', 'Expect: more'], /^HTTP\/1\.1 417 /],
    ]
    for (const [request, status] of requests) {
      const answer = await raw(edge.port, request)
      assert.match(answer, status)
      assert.deepEqual(Object.keys(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))), [
        'error',
        'message',
      ])
    }
  })
})

describe('shutdown', () => {
  it('finishes what is in flight and then takes no more', async () => {
    const edge = await startTestEdge({ endpoints })
    const arrived = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    whileHandling = () => {
      arrived.resolve()
      return released.promise
    }
    const answer = edge.call('org.example.greet')
    await arrived.promise
    const closed = edge.close()
    released.resolve()
    assert.equal((await answer).status, 200)
    await closed
    await assert.rejects(fetch(edge.url))
  })
})

/** Sends lines of HTTP as they are and resolves with all that comes back before the connection ends or a JSON body is complete. */
function raw(port: number, lines: string[]): Promise<string> {
  const text = lines.includes('') ? lines.join('\r\n') : `${lines.join('\r\n')}\r\n\r\n`
  return new Promise((resolve, reject) => {
    let received = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    socket.on('data', data => {
      received += data
      if (/\r\n\r\n.*\}/s.test(received)) socket.destroy()
    })
    socket.on('close', () => resolve(received))
    socket.on('error', reject)
  })
}
