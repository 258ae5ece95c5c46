import assert from 'node:assert/strict'
import { createECDH } from 'node:crypto'
import { test } from 'node:test'
import type { Did } from '@atcute/lexicons/syntax'
import { toBase58Btc } from '@atcute/multibase'
import type { Fetch } from './bounded-fetch.ts'
import { NetworkIdentity } from './network-identity.ts'

const did: Did = 'did:plc:aaaaaaaaaaaaaaaaaaaaaaaa'
const plcUrl = 'https://plc.test'

type Answer = object | number | 'no answer'

/** A network that answers by URL from `answers`, and counts what it was asked. */
function network(answers: Record<string, Answer>) {
  const asked: string[] = []
  const fetch: Fetch = async input => {
    const { url } = new Request(input)
    asked.push(url)
    const answer = answers[decodeURIComponent(url)] ?? 404
    if (answer === 'no answer') throw new TypeError('fetch failed')
    if (typeof answer === 'number') return Response.json({ message: 'no' }, { status: answer })
    return Response.json(answer)
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

test('keys of every kind that DID documents hold come out as compressed points', async () => {
  const legacy = (id: string, type: string, point: Uint8Array) => ({
    id,
    type,
    controller: did,
    publicKeyMultibase: multibase(point),
  })
  const { fetch } = network({
    [`${plcUrl}/${did}`]: documentOf(did, [
      multikey(did, 'atproto', k256Prefix, k256.compressed),
      multikey(did, 'p256', p256Prefix, p256.compressed),
      legacy('#old-k256', 'EcdsaSecp256k1VerificationKey2019', k256.uncompressed),
      legacy('#old-p256', 'EcdsaSecp256r1VerificationKey2019', p256.uncompressed),
      multikey(did, 'off-curve', k256Prefix, new Uint8Array(33).fill(0xff)),
      { id: '#jwk', type: 'JsonWebKey2020', controller: did, publicKeyJwk: { kty: 'EC' } },
      multikey('did:plc:bbbbbbbbbbbbbbbbbbbbbbbb', 'foreign', k256Prefix, k256.compressed),
    ]),
  })
  const { identity } = identityOf(fetch)
  const expected = { curve: 'secp256k1', bytes: k256.compressed }
  assert.deepEqual(await identity.signingKey(did), expected)
  assert.deepEqual(await identity.signingKey(did, { keyId: 'old-k256' }), expected)
  assert.deepEqual(await identity.signingKey(did, { keyId: 'p256' }), {
    curve: 'p256',
    bytes: p256.compressed,
  })
  assert.deepEqual(await identity.signingKey(did, { keyId: 'old-p256' }), {
    curve: 'p256',
    bytes: p256.compressed,
  })
  for (const keyId of ['off-curve', 'jwk', 'foreign', 'none']) {
    assert.equal(await identity.signingKey(did, { keyId }), undefined, keyId)
  }
  assert.equal(await identity.pds(did), 'https://pds.test')
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

test('a document that is about another DID, malformed or not JSON holds no key', async () => {
  const answers: [string, Answer][] = [
    ['about another', documentOf('did:plc:bbbbbbbbbbbbbbbbbbbbbbbb')],
    ['malformed', { id: did, verificationMethod: 'none' }],
    ['tombstone', 410],
  ]
  for (const [what, answer] of answers) {
    const { identity } = identityOf(network({ [`${plcUrl}/${did}`]: answer }).fetch)
    assert.equal(await identity.signingKey(did), undefined, what)
  }
})

test('a document larger than a megabyte is not read to its end', async () => {
  const huge = { ...documentOf(did), padding: 'x'.repeat(2 * 1024 * 1024) }
  const { identity } = identityOf(network({ [`${plcUrl}/${did}`]: huge }).fetch)
  assert.equal(await identity.signingKey(did).catch(() => undefined), undefined)
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
  for (const other of ['did:key:z6Mk', 'did:web:10.0.0.1', 'did:web:a.test:path', 'did:plc:short'] as Did[]) {
    assert.equal(await identity.signingKey(other), undefined, other)
  }
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
