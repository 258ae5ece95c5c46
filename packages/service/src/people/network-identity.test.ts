import assert from 'node:assert/strict'
import { createECDH } from 'node:crypto'
import { test } from 'node:test'
import type { Did } from '@atcute/lexicons/syntax'
import { toBase58Btc } from '@atcute/multibase'
import type { Fetch } from './bounded-fetch.ts'
import { readDidFacts } from './did-facts.ts'
import { NetworkIdentity } from './network-identity.ts'

const did: Did = 'did:plc:aaaaaaaaaaaaaaaaaaaaaaaa'
const plcUrl = 'https://plc.test'

type Answer = Response | object | number | 'no answer'

/** A network that answers by URL from `answers`, and counts what it was asked. */
function network(answers: Record<string, Answer>) {
  const asked: string[] = []
  const fetch: Fetch = async input => {
    const { url } = new Request(input)
    asked.push(url)
    const answer = answers[decodeURIComponent(url)] ?? 404
    if (answer === 'no answer') throw new TypeError('fetch failed')
    if (typeof answer === 'number') return Response.json({ message: 'no' }, { status: answer })
    return answer instanceof Response ? answer : Response.json(answer)
  }
  return { answers, asked, fetch }
}

function identityOf(fetch: Fetch, allowPrivateNetwork = false) {
  const clock = {
    time: 0,
    now() {
      return this.time
    },
  }
  return { clock, identity: new NetworkIdentity({ plcUrl, allowPrivateNetwork, clock, fetch }) }
}

const k256 = keyPoint('secp256k1', 1)
const k256Rotated = keyPoint('secp256k1', 2)
const p256 = keyPoint('prime256v1', 3)

function keyPoint(curve: string, secret: number) {
  const pair = createECDH(curve)
  pair.setPrivateKey(Buffer.alloc(32, secret))
  return {
    compressed: new Uint8Array(pair.getPublicKey(null, 'compressed')),
    uncompressed: pair.getPublicKey(),
  }
}

function multibase(...parts: Uint8Array[]): string {
  return `z${toBase58Btc(new Uint8Array(Buffer.concat(parts)))}`
}

const k256Prefix = Uint8Array.of(0xe7, 0x01)
const p256Prefix = Uint8Array.of(0x80, 0x24)

function documentOf(id: string, methods: object[] = [multikey(id, 'atproto', k256Prefix, k256.compressed)]) {
  return {
    '@context': ['https://www.w3.org/ns/did/v1'],
    id,
    verificationMethod: methods,
    service: [{ id: '#atproto_pds', type: 'AtprotoPersonalDataServer', serviceEndpoint: 'https://pds.test' }],
  }
}

function multikey(controller: string, fragment: string, prefix: Uint8Array, point: Uint8Array) {
  const id = `${controller}#${fragment}`
  return { id, type: 'Multikey', controller, publicKeyMultibase: multibase(prefix, point) }
}

/** The key that is read from a document with these methods. */
async function keyIn(...methods: unknown[]) {
  const answer = { ...documentOf(did), verificationMethod: methods }
  const { identity } = identityOf(network({ [`${plcUrl}/${did}`]: answer }).fetch)
  return identity.signingKey(did)
}

test('keys of every kind that DID documents hold come out as compressed points', async () => {
  const legacy = (type: string, point: Uint8Array) => ({
    id: '#atproto',
    type,
    controller: did,
    publicKeyMultibase: multibase(point),
  })
  const secp256k1 = { curve: 'secp256k1', bytes: k256.compressed }
  const nist = { curve: 'p256', bytes: p256.compressed }
  assert.deepEqual(await keyIn(multikey(did, 'atproto', k256Prefix, k256.compressed)), secp256k1)
  assert.deepEqual(await keyIn(multikey(did, 'atproto', p256Prefix, p256.compressed)), nist)
  assert.deepEqual(await keyIn(legacy('EcdsaSecp256k1VerificationKey2019', k256.uncompressed)), secp256k1)
  assert.deepEqual(await keyIn(legacy('EcdsaSecp256r1VerificationKey2019', p256.uncompressed)), nist)
})

test('a document without a key of ours under the name of atproto has none, and still a PDS', async () => {
  const methods: [string, unknown][] = [
    ['off the curve', multikey(did, 'atproto', k256Prefix, new Uint8Array(33).fill(0xff))],
    ['a JWK', { id: '#atproto', type: 'JsonWebKey2020', controller: did, publicKeyJwk: { kty: 'EC' } }],
    ['of another DID', multikey('did:plc:bbbbbbbbbbbbbbbbbbbbbbbb', 'atproto', k256Prefix, k256.compressed)],
    ['by another name', multikey(did, 'atproto_label', k256Prefix, k256.compressed)],
    ['not text', { id: '#atproto', type: 'Multikey', publicKeyMultibase: 7 }],
    ['not an entry', null],
  ]
  for (const [what, method] of methods) {
    const answer = { ...documentOf(did), verificationMethod: [method] }
    const { identity } = identityOf(network({ [`${plcUrl}/${did}`]: answer }).fetch)
    assert.equal(await identity.signingKey(did), undefined, what)
    assert.equal(await identity.pds(did), 'https://pds.test', what)
  }
})

test('of two keys named atproto the first counts', async () => {
  const [first, second] = [k256, k256Rotated].map(key => multikey(did, 'atproto', k256Prefix, key.compressed))
  assert.deepEqual((await keyIn(first, second))?.bytes, k256.compressed)
})

test('a key of a megabyte is not decoded, which would hold up everything for minutes', () => {
  const method = multikey(did, 'atproto', k256Prefix, k256.compressed)
  const publicKeyMultibase = method.publicKeyMultibase.padEnd(1024 * 1024, '2')
  const document = { id: did, verificationMethod: [{ ...method, publicKeyMultibase }], service: [] }
  assert.equal(readDidFacts(document).keys.atproto, undefined)
})

test('the key of a labeler is the one named for labels, asked for together with that of the account', async () => {
  const methods = [
    multikey(did, 'atproto_label', p256Prefix, p256.compressed),
    multikey(did, 'atproto', k256Prefix, k256.compressed),
  ]
  const { asked, fetch } = network({ [`${plcUrl}/${did}`]: documentOf(did, methods) })
  const { identity } = identityOf(fetch)
  const labelerKey = { curve: 'p256', bytes: p256.compressed }
  assert.deepEqual(await identity.signingKey(did, { key: 'atproto_label' }), labelerKey)
  assert.deepEqual((await identity.signingKey(did))?.bytes, k256.compressed)
  assert.equal(asked.length, 1)
})

test('a PDS of more than 512 characters is none', () => {
  const pdsOf = (length: number) => {
    const service = {
      id: '#atproto_pds',
      type: 'AtprotoPersonalDataServer',
      serviceEndpoint: `https://a${'.a'.repeat(300)}`.slice(0, length - 5).concat('.test'),
    }
    return readDidFacts({ id: did, verificationMethod: [], service: [service] }).pds?.length
  }
  assert.deepEqual([pdsOf(512), pdsOf(513)], [512, undefined])
})

test('a document is asked for once, however many wait for it', async () => {
  const { fetch, asked } = network({ [`${plcUrl}/${did}`]: documentOf(did) })
  const { identity } = identityOf(fetch)
  await Promise.all([identity.signingKey(did), identity.signingKey(did), identity.pds(did)])
  await identity.signingKey(did)
  assert.equal(asked.length, 1)
})

test('after five minutes the known key is served while the document is fetched anew', async () => {
  const { fetch, asked, answers } = network({ [`${plcUrl}/${did}`]: documentOf(did) })
  const { identity, clock } = identityOf(fetch)
  await identity.signingKey(did)
  answers[`${plcUrl}/${did}`] = documentOf(did, [
    multikey(did, 'atproto', k256Prefix, k256Rotated.compressed),
  ])
  clock.time += 5 * 60_000
  assert.deepEqual((await identity.signingKey(did))?.bytes, k256.compressed)
  // A forced refresh joins the fetch that is under way.
  assert.deepEqual((await identity.signingKey(did, { refresh: true }))?.bytes, k256Rotated.compressed)
  assert.equal(asked.length, 2)
})

test('while nobody answers a known key serves for a day, and then the call is refused', async () => {
  const { fetch, answers } = network({ [`${plcUrl}/${did}`]: documentOf(did) })
  const { identity, clock } = identityOf(fetch)
  await identity.signingKey(did)
  answers[`${plcUrl}/${did}`] = 'no answer'
  clock.time += 24 * 3600_000 - 1
  assert.deepEqual((await identity.signingKey(did))?.bytes, k256.compressed)
  assert.deepEqual((await identity.signingKey(did, { refresh: true }))?.bytes, k256.compressed)
  clock.time += 1
  await assert.rejects(identity.signingKey(did), { name: 'UpstreamFailure' })
  answers[`${plcUrl}/${did}`] = 503
  clock.time += 5_000
  await assert.rejects(identity.signingKey(did), { name: 'UpstreamFailure' })
})

test('a forced refresh reaches the network at most once in five seconds', async () => {
  const { fetch, asked, answers } = network({ [`${plcUrl}/${did}`]: documentOf(did) })
  const { identity, clock } = identityOf(fetch)
  await identity.signingKey(did)
  answers[`${plcUrl}/${did}`] = documentOf(did, [
    multikey(did, 'atproto', k256Prefix, k256Rotated.compressed),
  ])
  for (let i = 0; i < 10; i++) await identity.signingKey(did, { refresh: true })
  assert.equal(asked.length, 1)
  clock.time += 5_000
  assert.deepEqual((await identity.signingKey(did, { refresh: true }))?.bytes, k256Rotated.compressed)
  for (let i = 0; i < 10; i++) await identity.signingKey(did, { refresh: true })
  assert.equal(asked.length, 2)
})

test('that a DID does not exist is remembered for half a minute', async () => {
  const { fetch, asked, answers } = network({ [`${plcUrl}/${did}`]: 404 })
  const { identity, clock } = identityOf(fetch)
  assert.equal(await identity.signingKey(did), undefined)
  assert.equal(await identity.pds(did), undefined)
  answers[`${plcUrl}/${did}`] = documentOf(did)
  clock.time += 29_999
  assert.equal(await identity.signingKey(did), undefined)
  assert.equal(asked.length, 1)
  clock.time += 1
  assert.notEqual(await identity.signingKey(did), undefined)
})

test('that there is none is said by 404, by 410 and by a document about another DID', async () => {
  const answers: [string, Answer][] = [
    ['unknown', 404],
    ['tombstone', 410],
    ['unknown, at length', new Response('x'.repeat(20_000), { status: 404 })],
    ['about another', documentOf('did:plc:bbbbbbbbbbbbbbbbbbbbbbbb')],
  ]
  for (const [what, answer] of answers) {
    const { identity } = identityOf(network({ [`${plcUrl}/${did}`]: answer }).fetch)
    assert.equal(await identity.signingKey(did), undefined, what)
  }
})

test('what is no document says nothing: the known key stands in, and without one the call is refused', async () => {
  const json = { 'content-type': 'application/json' }
  const document = JSON.stringify(documentOf(did))
  const answers: [string, () => Answer][] = [
    ['forbidden', () => 403],
    ['bad request', () => 400],
    ['a page', () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
    ['an upload', () => new Response(document, { headers: { 'content-type': 'text/plain' } })],
    ['truncated', () => new Response(document.slice(0, -1), { headers: json })],
    ['empty', () => new Response('', { headers: json })],
    ['a list', () => []],
    ['no id', () => ({ ...documentOf(did), id: 7 })],
    ['malformed keys', () => ({ id: did, verificationMethod: 'none' })],
    ['malformed services', () => ({ id: did, service: {} })],
    ['too large', () => ({ ...documentOf(did), padding: 'x'.repeat(16 * 1024) })],
    [
      'too large, declared',
      () => new Response(document, { headers: { ...json, 'content-length': '16385' } }),
    ],
  ]
  for (const [what, answer] of answers) {
    const { fetch, answers } = network({ [`${plcUrl}/${did}`]: documentOf(did) })
    const { identity, clock } = identityOf(fetch)
    await identity.signingKey(did)
    answers[`${plcUrl}/${did}`] = answer()
    clock.time += 24 * 3600_000 - 1
    assert.deepEqual((await identity.signingKey(did))?.bytes, k256.compressed, what)
    answers[`${plcUrl}/${did}`] = answer()
    clock.time += 5_000
    await assert.rejects(identity.signingKey(did), { name: 'UpstreamFailure' }, what)
  }
})

test('entries that nobody asks about are not looked at', async () => {
  const authentication = Array(4000).fill(0)
  const answer = { ...documentOf(did), authentication, alsoKnownAs: [null], controller: 7 }
  const { identity } = identityOf(network({ [`${plcUrl}/${did}`]: answer }).fetch)
  assert.deepEqual((await identity.signingKey(did))?.bytes, k256.compressed)
})

test('did:web is resolved by https, and private addresses and localhost only where that is allowed', async () => {
  const web: Did = 'did:web:someone.test'
  const local: Did = 'did:web:localhost%3A2583'
  const { fetch, asked } = network({
    'https://someone.test/.well-known/did.json': documentOf(web),
    'http://localhost:2583/.well-known/did.json': documentOf(local),
  })
  const guarded = identityOf(fetch).identity
  assert.notEqual(await guarded.signingKey(web), undefined)
  assert.equal(await guarded.signingKey(local), undefined)
  assert.deepEqual(asked, ['https://someone.test/.well-known/did.json'])
  const open = identityOf(fetch, true).identity
  assert.notEqual(await open.signingKey(local), undefined)
})

test('DIDs that are no accounts of this network are not asked about', async () => {
  const { fetch, asked } = network({})
  const { identity } = identityOf(fetch)
  const tooLong = `did:web:${'a.'.repeat(123)}te`.padEnd(257, 't')
  for (const other of [
    'did:key:z6Mk',
    'did:web:10.0.0.1',
    'did:web:a.test:path',
    'did:plc:short',
    tooLong,
  ] as Did[]) {
    assert.equal(await identity.signingKey(other), undefined, other)
  }
  assert.deepEqual(asked, [])
})

test('a did:web whose port is none has no key', async () => {
  const { fetch, asked } = network({})
  assert.equal(await identityOf(fetch, true).identity.signingKey('did:web:localhost%3A99999'), undefined)
  assert.equal(await identityOf(fetch).identity.signingKey('did:web:localhost%3A99999'), undefined)
  assert.deepEqual(asked, [])
})

test('look-ups in flight are bounded, so that invented issuers cannot flood the directory', async () => {
  let answered = () => {}
  const held = new Promise<void>(resolve => {
    answered = resolve
  })
  let asked = 0
  const { identity } = identityOf(async () => {
    asked += 1
    await held
    return new Response('', { status: 404 })
  })
  const letters = 'abcdefghijklmnopqrstuvwxyz'
  const invented = Array.from({ length: 300 }, (_, i) => {
    const suffix = letters[Math.floor(i / 26)]! + letters[i % 26]!
    return `did:plc:${suffix.padStart(24, 'a')}` as Did
  })
  const outcomes = Promise.allSettled(invented.map(did => identity.signingKey(did)))
  await new Promise(resolve => setImmediate(resolve))
  answered()
  const refused = (await outcomes).filter(outcome => outcome.status === 'rejected')
  assert.equal(asked, 256)
  assert.equal(refused.length, 44)
})

test('web hosts that never answer leave did:plc its look-ups', async () => {
  let asked = 0
  const { identity } = identityOf(async input => {
    if (new Request(input).url.startsWith(plcUrl)) return Response.json(documentOf(did))
    asked += 1
    return new Promise<Response>(() => {})
  })
  const hosts = Array.from({ length: 300 }, (_, i): Did => `did:web:silent-${i}.test`)
  let refused = 0
  for (const host of hosts) identity.signingKey(host).catch(() => refused++)
  await new Promise(resolve => setImmediate(resolve))
  assert.deepEqual({ asked, refused }, { asked: 32, refused: 268 })
  assert.notEqual(await identity.signingKey(did), undefined)
})
