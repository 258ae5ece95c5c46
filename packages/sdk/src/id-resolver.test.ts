import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { Clock } from './clock.ts'
import { type ChatError, IdResolver, memoryIdentityCache } from './index.ts'
import { ALICE, BOB } from './testing/toy-pds.ts'

interface Reply {
  status?: number
  json?: unknown
  text?: string
  location?: string
  hang?: boolean
}

type Answers = Record<string, Reply>

/** A server that answers paths, and stands for a directory, a PDS or a DNS server. */
async function startAnswering(answers: Answers) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const path = decodeURIComponent(url.pathname + url.search)
    asked.push(path)
    const {
      status = 200,
      json,
      text = JSON.stringify(json),
      location,
      hang,
    } = answers[path] ?? { status: 404, text: '{}' }
    if (hang) return
    const headers = { 'content-type': 'application/json', ...(location === undefined ? {} : { location }) }
    response.writeHead(status, headers).end(text)
  })
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answers,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise(closed => server.close(closed))
    },
  }
}

const resolveHandle = (handle: string) => `/xrpc/com.atproto.identity.resolveHandle?handle=${handle}`

const document = (did: string, handle: string) => ({
  id: did,
  alsoKnownAs: [`at://${handle}`],
  verificationMethod: [
    { id: `${did}#atproto`, type: 'Multikey', controller: did, publicKeyMultibase: 'zQ3sKey' },
  ],
  service: [
    { id: '#atproto_pds', type: 'AtprotoPersonalDataServer', serviceEndpoint: 'https://pds.example' },
  ],
})

const notFound = { status: 400, json: { error: 'InvalidRequest', message: 'Unable to resolve handle' } }

test('two lookups of a handle, at once or one after the other, are one request', async () => {
  await using pds = await startAnswering({ [resolveHandle('bob.test')]: { json: { did: BOB } } })
  const { handle } = new IdResolver({ service: pds.url })
  assert.deepEqual(await Promise.all([handle.resolve('bob.test'), handle.resolve('@BOB.test')]), [BOB, BOB])
  assert.equal(await handle.resolve('bob.test'), BOB)
  assert.equal(pds.asked.length, 1)
  await handle.resolve('bob.test', { noCache: true })
  assert.equal(pds.asked.length, 2)
  const uncached = new IdResolver({ service: pds.url, cache: false })
  await uncached.handle.resolve('bob.test')
  await uncached.handle.resolve('bob.test')
  assert.equal(pds.asked.length, 4)
})

test('a handle that points nowhere is remembered for a minute and asked for again after it', async () => {
  await using pds = await startAnswering({ [resolveHandle('new.test')]: notFound })
  let nowMs = 0
  const clock = { now: () => nowMs } as Clock
  const { handle } = new IdResolver({ service: pds.url, cache: memoryIdentityCache({ clock }) })
  await assert.rejects(handle.resolve('new.test'), { code: 'identity/unresolved' })
  assert.equal(await handle.tryResolve('new.test'), undefined)
  assert.equal(pds.asked.length, 1)
  pds.answers[resolveHandle('new.test')] = { json: { did: BOB } }
  nowMs = 60_001
  assert.equal(await handle.resolve('new.test'), BOB)
  nowMs += 10 * 60_000
  await handle.resolve('new.test')
  assert.equal(pds.asked.length, 3)
})

test('a document an hour old serves at once while it is asked for anew, and after a day no more', async () => {
  await using plc = await startAnswering({ [`/${ALICE}`]: { json: document(ALICE, 'old.test') } })
  let nowMs = 0
  const clock = { now: () => nowMs } as Clock
  const { did } = new IdResolver({ service: plc.url, plcUrl: plc.url, clock })
  const nameOf = async () => ((await did.resolve(ALICE)).alsoKnownAs as string[])[0]
  assert.equal(await nameOf(), 'at://old.test')
  plc.answers[`/${ALICE}`] = { json: document(ALICE, 'new.test') }
  nowMs = 59 * 60_000
  await nameOf()
  assert.equal(plc.asked.length, 1)
  nowMs = 61 * 60_000
  assert.deepEqual(await Promise.all([nameOf(), nameOf()]), ['at://old.test', 'at://old.test'])
  while ((await nameOf()) !== 'at://new.test') await new Promise(resolve => setTimeout(resolve, 5))
  assert.equal(plc.asked.length, 2)
  plc.answers[`/${ALICE}`] = { hang: true }
  nowMs += 25 * 3_600_000
  const signal = AbortSignal.timeout(50)
  await assert.rejects(did.resolve(ALICE, { signal }), { code: 'aborted' })
})

test('what is no handle is not asked for', async () => {
  await using pds = await startAnswering({})
  const { handle, did } = new IdResolver({ service: pds.url, plcUrl: pds.url })
  for (const odd of ['', 'bob', 'bob_.test', 'bob.test/../x', ALICE, 'bob.123']) {
    await assert.rejects(handle.resolve(odd), { code: 'identity/unresolved' })
  }
  for (const odd of ['', 'did:', 'bob.test', 'did:key:z123', 'did:web:host.test:path', 'did:web:a%2Fb']) {
    await assert.rejects(did.resolve(odd), { code: 'identity/unresolved' })
  }
  assert.deepEqual(pds.asked, [])
})

test('a lookup ends at its time limit, is not cached, and does not pass for an unknown handle', async () => {
  await using pds = await startAnswering({ [resolveHandle('slow.test')]: { hang: true } })
  const cache = memoryIdentityCache()
  const hasty = new IdResolver({ service: pds.url, timeoutMs: 50, cache })
  await assert.rejects(hasty.handle.tryResolve('slow.test'), { code: 'timeout' })
  pds.answers[resolveHandle('slow.test')] = { json: { did: BOB } }
  const patient = new IdResolver({ service: pds.url, cache })
  assert.equal(await patient.handle.resolve('slow.test'), BOB)
})

test('a failing server is not remembered', async () => {
  await using pds = await startAnswering({ [resolveHandle('bob.test')]: { status: 500, json: {} } })
  const { handle } = new IdResolver({ service: pds.url })
  await assert.rejects(handle.resolve('bob.test'), { code: 'identity/unresolved', retryable: true })
  pds.answers[resolveHandle('bob.test')] = { json: { did: BOB } }
  assert.equal(await handle.resolve('bob.test'), BOB)
})

test('one who stops waiting does not take the others along', async () => {
  await using pds = await startAnswering({ [resolveHandle('bob.test')]: { json: { did: BOB } } })
  const { handle } = new IdResolver({ service: pds.url })
  const gone = handle.resolve('bob.test', { signal: AbortSignal.abort() })
  const patient = handle.resolve('bob.test')
  await assert.rejects(gone, { code: 'aborted' })
  assert.equal(await patient, BOB)
  assert.equal(pds.asked.length, 1)
})

test('without a service, DNS is asked first and the domain itself next', async () => {
  const txt = (...data: string[]) => ({ json: { Status: 0, Answer: data.map(data => ({ type: 16, data })) } })
  await using dns = await startAnswering({
    '/dns?name=_atproto.alice.test&type=TXT': txt('"v=spf1"', `"did=${ALICE}"`),
    '/dns?name=_atproto.two.test&type=TXT': txt(`"did=${ALICE}"`, `"did=${BOB}"`),
    '/dns?name=_atproto.bob.test&type=TXT': { json: { Status: 3 } },
  })
  const asked: string[] = []
  const domains: typeof fetch = async (input, init) => {
    const url = String(input)
    if (url.startsWith(dns.url)) return fetch(input, init)
    asked.push(url)
    return url.includes('bob.test') ? new Response(`${BOB}\n`) : new Response('', { status: 404 })
  }
  const { handle } = new IdResolver({ dohUrl: `${dns.url}/dns`, fetch: domains })
  assert.equal(await handle.resolve('alice.test'), ALICE)
  assert.equal(await handle.resolve('bob.test'), BOB)
  await assert.rejects(handle.resolve('two.test'), { code: 'identity/unresolved' })
  assert.ok(asked.includes('https://bob.test/.well-known/atproto-did'))
})

test('no lookup follows a redirect', async () => {
  const txt = { json: { Status: 0, Answer: [{ type: 16, data: `"did=${BOB}"` }] } }
  await using elsewhere = await startAnswering({ '/handle': { json: { did: BOB } }, '/dns': txt })
  const to = (path: string) => ({ status: 302, text: '', location: `${elsewhere.url}${path}` })
  await using net = await startAnswering({
    [resolveHandle('bob.test')]: to('/handle'),
    '/dns?name=_atproto.bob.test&type=TXT': to('/dns'),
    '/.well-known/atproto-did': to('/handle'),
    [`/${BOB}`]: to('/document'),
  })
  const ofService = new IdResolver({ service: net.url, plcUrl: net.url })
  await assert.rejects(ofService.handle.resolve('bob.test'), { code: 'identity/unresolved' })
  await assert.rejects(ofService.did.resolve(BOB), { code: 'identity/unresolved' })
  const toNet: typeof fetch = (input, init) => fetch(String(input).replace('https://bob.test', net.url), init)
  const ofDomain = new IdResolver({ dohUrl: `${net.url}/dns`, fetch: toNet })
  await assert.rejects(ofDomain.handle.resolve('bob.test'), { code: 'identity/unresolved' })
  assert.equal(net.asked.length, 4)
  assert.deepEqual(elsewhere.asked, [])
})

test('handle and document must name each other', async () => {
  await using net = await startAnswering({
    [resolveHandle('alice.test')]: { json: { did: ALICE } },
    [resolveHandle('bob.test')]: { json: { did: BOB } },
    [`/${ALICE}`]: { json: document(ALICE, 'alice.test') },
    [`/${BOB}`]: { json: document(BOB, 'alice.test') }, // Bob claims to be Alice
  })
  const resolver = new IdResolver({ service: net.url, plcUrl: net.url })
  const alice = { did: ALICE, handle: 'alice.test', pds: 'https://pds.example' }
  assert.deepEqual(await resolver.resolve('alice.test'), alice)
  assert.deepEqual(await resolver.resolve(ALICE), alice)
  assert.equal((await resolver.resolve(BOB)).handle, 'handle.invalid')
  assert.equal((await resolver.resolve('bob.test')).handle, 'handle.invalid')
  assert.equal((await resolver.did.resolveAtprotoData(ALICE)).signingKey, 'did:key:zQ3sKey')
  assert.equal(net.asked.length, 4)
})

test('a document is believed only of the DID it was asked for, and read whatever shape it has', async () => {
  const odd = {
    id: ALICE,
    alsoKnownAs: [null, 7, 'at://'],
    service: [null, 'x', { id: 5 }],
    verificationMethod: {},
  }
  await using plc = await startAnswering({
    [`/${ALICE}`]: { json: odd },
    [`/${BOB}`]: { json: document(ALICE, 'alice.test') },
  })
  const { did } = new IdResolver({ service: plc.url, plcUrl: plc.url })
  await assert.rejects(did.resolve(BOB), { code: 'identity/unresolved' })
  assert.equal((await did.resolve(ALICE)).id, ALICE)
  await assert.rejects(did.resolveAtprotoData(ALICE), (error: ChatError) => error.is('identity/unresolved'))
  await assert.rejects(did.resolve('did:plc:gone'), { code: 'identity/unresolved' })
})

test('a DID of an address, a port or a local name is asked for only where that is allowed', async () => {
  const asked: string[] = []
  const answering: typeof fetch = async input => {
    asked.push(String(input))
    const id = `did:web:${new URL(String(input)).host.replace(':', '%3A')}`
    return Response.json({ id })
  }
  const { did } = new IdResolver({ fetch: answering })
  const hosts = ['localhost', 'intranet', '127.0.0.1', '10.1', '2130706433', '0x7f.1', '127.0.0.1%3A80']
  hosts.push('chat.example%3A8443', 'a.localhost', 'LOCALHOST', 'localhost.', 'a.internal', 'nas.local')
  for (const host of hosts) {
    await assert.rejects(did.resolve(`did:web:${host}`), (error: ChatError) => {
      assert.equal(error.code, 'identity/unresolved', host)
      assert.match(error.hint ?? '', /allowPrivateNetwork/, host)
      return true
    })
  }
  assert.deepEqual(asked, [])
  assert.equal((await did.resolve('did:web:chat.example')).id, 'did:web:chat.example')
  const open = new IdResolver({ fetch: answering, allowPrivateNetwork: true }).did
  for (const host of ['localhost%3A2583', '127.0.0.1', 'chat.example%3A8443'])
    await open.resolve(`did:web:${host}`)
  assert.deepEqual(asked, [
    'https://chat.example/.well-known/did.json',
    'http://localhost:2583/.well-known/did.json',
    'https://127.0.0.1/.well-known/did.json',
    'https://chat.example:8443/.well-known/did.json',
  ])
})

test('a handle of a local name is not asked for at its domain, unless that is allowed', async () => {
  const asked: string[] = []
  const answering: typeof fetch = async input => {
    asked.push(new URL(String(input)).host)
    return String(input).startsWith('https://dns.example') ? Response.json({ Status: 3 }) : new Response(BOB)
  }
  const options = { dohUrl: 'https://dns.example/query', fetch: answering }
  const { handle } = new IdResolver(options)
  for (const name of ['bob.localhost', 'bob.local', 'bob.internal']) {
    assert.equal(await handle.tryResolve(name), undefined)
  }
  assert.deepEqual(new Set(asked), new Set(['dns.example']))
  const open = new IdResolver({ ...options, allowPrivateNetwork: true })
  assert.equal(await open.handle.resolve('bob.internal'), BOB)
})

test('a cache holds so many entries and no more, and drops the one used longest ago', async () => {
  const cache = memoryIdentityCache({ entriesMax: 2 })
  await cache.set('a', 1, 1000)
  await cache.set('b', 2, 1000)
  await cache.get('a')
  await cache.set('c', 3, 1000)
  assert.deepEqual([await cache.get('a'), await cache.get('b'), await cache.get('c')], [1, undefined, 3])
})

test('a cache that fails is no cache, and no error', async () => {
  await using pds = await startAnswering({ [resolveHandle('bob.test')]: { json: { did: BOB } } })
  const broken = {
    get: () => Promise.reject(new Error('down')),
    set: () => Promise.reject(new Error('down')),
  }
  const { handle } = new IdResolver({ service: pds.url, cache: broken })
  assert.equal(await handle.resolve('bob.test'), BOB)
  assert.equal(await handle.resolve('bob.test'), BOB)
})
