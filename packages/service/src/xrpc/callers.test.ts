import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, beforeEach, describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { Did } from '@atcute/lexicons/syntax'
import * as v from '@atcute/lexicons/validations'
import { createTestKey, type TestKey, testDid } from '../auth/test-tokens.ts'
import { defaultRateLimits } from '../limits.ts'
import { endpoint, moderatorEndpoint, publicEndpoint } from './endpoint.ts'
import { RateLimitExceeded } from './rate-limit.ts'
import { startTestEdge, type TestEdge, type TestEdgeOptions } from './test-edge.ts'

const answer = { type: 'lex', schema: v.object({ caller: v.optional(v.string()) }) } as const
const query = { params: null, output: answer }
const input = { type: 'lex', schema: v.object({ text: v.string() }) } as const

const show = publicEndpoint(v.query('org.example.show', query), async (_ctx, { caller }) =>
  caller ? { caller: caller.did } : {},
)
const own = endpoint(v.query('org.example.own', query), async (_ctx, { caller }) => ({ caller: caller.did }))
const begin = endpoint(v.query('org.example.begin', query), async () => {
  throw new RateLimitExceeded(60)
})
const judge = moderatorEndpoint(
  v.procedure('org.example.judge', { params: null, input, output: answer }),
  async (_ctx, { caller }) => ({ caller: caller.did }),
)
const change = endpoint(
  v.procedure('org.example.change', { params: null, input, output: null }),
  async () => undefined,
)
const send = endpoint(
  v.procedure('chat.bsky.convo.sendMessage', { params: null, input, output: null }),
  async () => undefined,
)

const moderator = testDid('moderator')

/** An edge with a moderator, and the keys of that account. */
async function start(options: TestEdgeOptions = {}) {
  const edge = await startTestEdge({
    endpoints: [show, own, begin, judge, change, send],
    moderators: [moderator],
    ...options,
  })
  const key = await createTestKey()
  const labelerKey = await createTestKey()
  edge.identity.publish(moderator, key)
  edge.identity.publish(moderator, labelerKey, 'atproto_label')
  return { edge, key, labelerKey }
}

interface Said {
  status: number
  error?: string
  caller?: string
}

async function said(response: Promise<Response>): Promise<Said> {
  const { status, text } = await response.then(async it => ({ status: it.status, text: await it.text() }))
  const { error, caller } = JSON.parse(text || '{}')
  return { status, ...(error && { error }), ...(caller && { caller }) }
}

describe('a method for everybody', () => {
  let edge: TestEdge
  before(async () => {
    ;({ edge } = await start())
  })
  beforeEach(() => {
    edge.log.length = 0
  })
  after(() => edge.close())

  const url = () => `${edge.url}/xrpc/org.example.show`

  it('is answered without a token and knows no caller then', async () => {
    assert.deepEqual(await said(fetch(url())), { status: 200 })
    assert.equal(JSON.parse(edge.log[0]!).did, undefined)
  })

  it('knows the account of a token', async () => {
    assert.deepEqual(await said(edge.call('org.example.show')), { status: 200, caller: edge.did })
  })

  it('refuses a bad token as any method does', async () => {
    const bad: [string, string][] = [
      ['', 'AuthMissing'],
      ['Bearer', 'AuthMissing'],
      ['Bearer x', 'BadJwt'],
      [`Bearer ${await edge.token('org.example.own')}`, 'BadJwtLexiconMethod'],
      [`Bearer ${await edge.token('org.example.show', { key: await createTestKey() })}`, 'BadJwtSignature'],
      [`Bearer ${await edge.token('org.example.show', { iss: `${edge.did}#atproto_labeler` })}`, 'BadJwtIss'],
    ]
    for (const [authorization, error] of bad) {
      assert.deepEqual(await said(fetch(url(), { headers: { authorization } })), { status: 401, error })
    }
  })

  it('leaves every other method for accounts', async () => {
    for (const [nsid, method] of [
      ['own', 'GET'],
      ['judge', 'POST'],
    ]) {
      const answer = said(fetch(`${edge.url}/xrpc/org.example.${nsid}`, { method: method! }))
      assert.deepEqual(await answer, { status: 401, error: 'AuthMissing' })
    }
  })
})

describe('calls without a token', () => {
  it('share one rate, which is no account’s', async () => {
    const { edge } = await start({
      rateLimits: { ...defaultRateLimits, anonymousCalls: { count: 2, periodSec: 60 } },
    })
    const url = `${edge.url}/xrpc/org.example.show`
    for (let call = 0; call < 2; call += 1) assert.equal((await fetch(url)).status, 200)
    const refused = await fetch(url)
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '30'])
    assert.equal((await edge.call('org.example.show')).status, 200)
    edge.time.nowMs += 30_000
    assert.equal((await fetch(url)).status, 200)
    await edge.close()
  })
})

describe('calls that change something', () => {
  const text = '{"text":"a"}'
  const rateLimits = { ...defaultRateLimits, changes: [{ count: 1, periodSec: 60 }] }

  it('have a rate of their own, beside reading and sending', async () => {
    const { edge } = await start({ rateLimits })
    assert.equal((await edge.post('org.example.change', text)).status, 200)
    const refused = await edge.post('org.example.change', text)
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '60'])
    assert.equal((await edge.call('org.example.own')).status, 200)
    assert.equal((await edge.post('chat.bsky.convo.sendMessage', text)).status, 200)
    await edge.close()
  })

  it('by moderators as such are not slowed down', async () => {
    const { edge, key } = await start({ rateLimits })
    for (let call = 0; call < 3; call += 1) {
      const token = await edge.token('org.example.judge', { iss: moderator, key })
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const response = await fetch(`${edge.url}/xrpc/org.example.judge`, {
        method: 'POST',
        headers,
        body: text,
      })
      assert.equal(response.status, 200)
    }
    await edge.close()
  })
})

describe('a method for moderators', () => {
  let edge: TestEdge
  let key: TestKey
  let labelerKey: TestKey
  before(async () => {
    ;({ edge, key, labelerKey } = await start())
  })
  after(() => edge.close())

  async function call(
    nsid: string,
    token: { iss: string; key: TestKey },
    init: RequestInit = {},
  ): Promise<Said> {
    const headers = {
      authorization: `Bearer ${await edge.token(nsid, token)}`,
      'content-type': 'application/json',
    }
    return said(fetch(`${edge.url}/xrpc/${nsid}`, { ...init, headers }))
  }
  const post = { method: 'POST', body: '{"text":"a"}' }
  const labelerOf = (did: Did) => `${did}#atproto_labeler`

  it('knows a moderator by the account’s token and by that of its labeler', async () => {
    const expected = { status: 200, caller: moderator }
    assert.deepEqual(await call('org.example.judge', { iss: moderator, key }, post), expected)
    const labeler = { iss: labelerOf(moderator), key: labelerKey }
    assert.deepEqual(await call('org.example.judge', labeler, post), expected)
    assert.deepEqual(await call('org.example.judge', { ...labeler, key }, post), {
      status: 401,
      error: 'BadJwtSignature',
    })
  })

  it('is refused to everybody else, before the body is read', async () => {
    const broken = { method: 'POST', body: '{"text":' }
    const refused = { status: 403, error: 'Forbidden' }
    assert.deepEqual(await said(edge.post('org.example.judge', broken.body)), refused)
    const ownKey = await createTestKey()
    edge.identity.publish(edge.did, ownKey, 'atproto_label')
    const labeler = { iss: labelerOf(edge.did), key: ownKey }
    assert.deepEqual(await call('org.example.judge', labeler, broken), refused)
    const authorization = `Authorization: Bearer ${await edge.token('org.example.judge')}`
    const head = ['POST /xrpc/org.example.judge HTTP/1.1', 'Host: x', 'Content-Length: 1000', authorization]
    const socket = connect(edge.port, '127.0.0.1', () => socket.write(`${head.join('\r\n')}\r\n\r\n`))
    const [first] = await once(socket, 'data')
    assert.match(String(first), /^HTTP\/1\.1 403 /)
    socket.destroy()
  })

  it('says no word of moderators to whom it does not know', async () => {
    const token = { iss: moderator, key: await createTestKey() }
    assert.deepEqual(await call('org.example.judge', token, post), { status: 401, error: 'BadJwtSignature' })
  })

  it('is the only one that labelers may call: elsewhere a moderator is an account', async () => {
    assert.deepEqual(await call('org.example.own', { iss: moderator, key }), {
      status: 200,
      caller: moderator,
    })
    const labeler = { iss: labelerOf(moderator), key: labelerKey }
    for (const nsid of ['org.example.own', 'org.example.show']) {
      assert.deepEqual(await call(nsid, labeler), { status: 401, error: 'BadJwtIss' })
    }
  })

  it('is for nobody where no moderators are configured', async () => {
    const { edge, key } = await start({ moderators: [] })
    const token = await edge.token('org.example.judge', { iss: moderator, key })
    const headers = { authorization: `Bearer ${token}` }
    const answer = await said(fetch(`${edge.url}/xrpc/org.example.judge`, { ...post, headers }))
    assert.deepEqual(answer, { status: 403, error: 'Forbidden' })
    await edge.close()
  })
})

describe('an exceeded rate', () => {
  const rateLimits = {
    ...defaultRateLimits,
    calls: { count: 3, periodSec: 3600 },
    anonymousCalls: { count: 1, periodSec: 3600 },
    sends: [{ count: 1, periodSec: 3600 }],
  }

  async function startReporting(report: (did: Did, nsid: string) => Promise<void>) {
    const { edge } = await start({ rateLimits, reportRateLimit: report })
    return edge
  }

  it('is reached by calls for moderators, too, that an account may not make', async () => {
    const { edge } = await start({ rateLimits })
    const judge = async () => (await edge.post('org.example.judge', '{"text":"a"}')).status
    assert.deepEqual([await judge(), await judge(), await judge(), await judge()], [403, 403, 403, 429])
    await edge.close()
  })

  it('of an account is reported once a minute for each method', async () => {
    const reports: string[] = []
    const edge = await startReporting(async (did, nsid) => void reports.push(`${did} ${nsid}`))
    const exceed = async (nsid: string) => assert.equal((await edge.call(nsid)).status, 429)
    for (let call = 0; call < 3; call += 1) await edge.call('org.example.own')
    assert.deepEqual(reports, [])
    await exceed('org.example.own')
    await exceed('org.example.own')
    await exceed('org.example.show')
    edge.time.nowMs += 59_999
    await exceed('org.example.own')
    edge.time.nowMs += 1
    await exceed('org.example.own')
    await setImmediate()
    const [own, show] = [`${edge.did} org.example.own`, `${edge.did} org.example.show`]
    assert.deepEqual(reports, [own, show, own])
    await edge.close()
  })

  it('of sends, and one that the method itself counts, is reported as well', async () => {
    const reports: string[] = []
    const edge = await startReporting(async (_did, nsid) => void reports.push(nsid))
    const message = '{"text":"a"}'
    assert.equal((await edge.post('chat.bsky.convo.sendMessage', message)).status, 200)
    assert.equal((await edge.post('chat.bsky.convo.sendMessage', message)).status, 429)
    assert.equal((await edge.call('org.example.begin')).status, 429)
    await setImmediate()
    assert.deepEqual(reports, ['chat.bsky.convo.sendMessage', 'org.example.begin'])
    await edge.close()
  })

  it('of those without a token has nobody to tell of', async () => {
    const reports: string[] = []
    const edge = await startReporting(async (_did, nsid) => void reports.push(nsid))
    const url = `${edge.url}/xrpc/org.example.show`
    assert.deepEqual([(await fetch(url)).status, (await fetch(url)).status], [200, 429])
    await setImmediate()
    assert.deepEqual(reports, [])
    await edge.close()
  })

  it('is refused the same when the report fails or never ends', async () => {
    for (const report of [
      () => new Promise<void>(() => {}),
      () => Promise.reject(new Error('the disk is full')),
      () => {
        throw new Error('the disk is full')
      },
    ]) {
      const edge = await startReporting(report)
      assert.equal((await said(edge.call('org.example.begin'))).error, 'RateLimitExceeded')
      assert.equal((await said(edge.call('org.example.begin'))).error, 'RateLimitExceeded')
      await edge.close()
    }
  })
})
