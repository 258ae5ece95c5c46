import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { Did } from '@atcute/lexicons/syntax'
import { jwtBytesMax, jwtClockAheadMaxSec, jwtExpiredLeewaySec, jwtLifetimeMaxSec } from '../limits.ts'
import type { TokenBearer } from './caller.ts'
import { createReplayGuard, noReplayGuard, type ReplayGuard } from './replay.ts'
import { createSignatureVerifier, type SignatureVerifier } from './signature.ts'
import {
  createTestKey,
  mintServiceJwt,
  TestIdentity,
  type TestKey,
  type TestToken,
  testDid,
} from './test-tokens.ts'
import { createServiceJwtVerifier, type ServiceJwtVerifier } from './verify-service-jwt.ts'

const service: Did = 'did:web:chat.example.org'
const alice = testDid('alice')
const bob = testDid('bob')
const nsid = 'chat.bsky.convo.getLog'
const now = 1_700_000_000
const clock = { now: () => now * 1000 }

interface World {
  key: TestKey
  identity: TestIdentity
  /** How many signatures were computed. */
  verifications: () => number
  verifier: ServiceJwtVerifier
  /** A token of alice's that is fine but for what `change` says. */
  mint(change?: Partial<TestToken>): Promise<string>
}

async function world(options: { alg?: 'ES256K' | 'ES256'; replay?: ReplayGuard } = {}): Promise<World> {
  const key = await createTestKey(options.alg)
  const identity = new TestIdentity()
  identity.publish(alice, key)
  const signatures = createSignatureVerifier()
  let verifications = 0
  const counting: SignatureVerifier = {
    verify(...signed) {
      verifications += 1
      return signatures.verify(...signed)
    },
  }
  const verifier = createServiceJwtVerifier({
    identity,
    signatures: counting,
    replay: options.replay ?? noReplayGuard,
    clock,
    audiences: [service, 'did:web:api.bsky.chat'],
  })
  return {
    key,
    identity,
    verifications: () => verifications,
    verifier,
    mint: change => mintServiceJwt({ iss: alice, aud: service, lxm: nsid, key, now, ...change }),
  }
}

/** Who has shown a token of the usual minute. */
function proven(did: Did): TokenBearer {
  return { did, untilMs: (now + 60 + jwtExpiredLeewaySec) * 1000 }
}

function refuses(verifier: ServiceJwtVerifier, token: string, name: string): Promise<void> {
  return assert.rejects(verifier.verify([`Bearer ${token}`], nsid), { name })
}

describe('a service token', () => {
  for (const alg of ['ES256K', 'ES256'] as const) {
    it(`signed with ${alg} by the account's key says who calls`, async () => {
      const { verifier, mint } = await world({ alg })
      assert.deepEqual(await verifier.verify([`Bearer ${await mint()}`], nsid), proven(alice))
    })

    it(`signed with ${alg} is accepted with a high s, as official verifiers do`, async () => {
      const { verifier, mint } = await world({ alg })
      const token = flipS(await mint(), alg)
      assert.deepEqual(await verifier.verify([`Bearer ${token}`], nsid), proven(alice))
    })

    it(`signed with ${alg} by another key is refused`, async () => {
      const { verifier, mint } = await world({ alg })
      await refuses(verifier, await mint({ key: await createTestKey(alg) }), 'BadJwtSignature')
    })

    it(`with ${alg} and a signature of nonsense is refused`, async () => {
      const { verifier, mint } = await world({ alg })
      const [header, claims] = (await mint()).split('.')
      for (const bytes of [
        Buffer.alloc(64),
        Buffer.alloc(64, 0xff),
        Buffer.alloc(63, 1),
        Buffer.alloc(65, 1),
      ]) {
        await refuses(verifier, `${header}.${claims}.${bytes.toString('base64url')}`, 'BadJwtSignature')
      }
    })
  }

  it('that was verified with the key of its account before is not verified again', async () => {
    const { verifier, key, verifications, mint } = await world()
    const options = { signedBy: key.public }
    assert.deepEqual(await verifier.verify([`Bearer ${await mint()}`], nsid, options), proven(alice))
    assert.equal(verifications(), 0)
  })

  it('that was verified with a key of somebody else is refused', async () => {
    for (const alg of ['ES256K', 'ES256'] as const) {
      const { verifier, mint } = await world()
      const stranger = await createTestKey(alg)
      const token = await mint({ key: stranger })
      const verified = verifier.verify([`Bearer ${token}`], nsid, { signedBy: stranger.public })
      await assert.rejects(verified, { name: 'BadJwtSignature' })
    }
  })

  it('may name any DID the service answers to, bare or with #bsky_chat', async () => {
    const { verifier, mint } = await world()
    for (const aud of [
      service,
      `${service}#bsky_chat`,
      'did:web:api.bsky.chat',
      'did:web:api.bsky.chat#bsky_chat',
    ]) {
      assert.deepEqual(await verifier.verify([`Bearer ${await mint({ aud })}`], nsid), proven(alice))
    }
  })

  it('meant for another service is refused', async () => {
    const { verifier, mint } = await world()
    for (const aud of [
      'did:web:evil.example',
      `${service}#other`,
      `${service}#`,
      'did:web:chat.example.org.evil',
    ]) {
      await refuses(verifier, await mint({ aud }), 'BadJwtAudience')
    }
    await refuses(verifier, await mint({ claims: { aud: [service] } }), 'BadJwt')
  })

  it('meant for another method, or for any method, is refused', async () => {
    const { verifier, mint } = await world()
    for (const lxm of ['chat.bsky.convo.getMessages', 'chat.bsky.convo.getlog', '*', '', undefined]) {
      await refuses(verifier, await mint({ lxm }), 'BadJwtLexiconMethod')
    }
    for (const lxm of [null, [nsid], 7]) await refuses(verifier, await mint({ claims: { lxm } }), 'BadJwt')
  })

  it('must expire, not yet, and within about an hour', async () => {
    const { verifier, mint } = await world()
    await refuses(verifier, await mint({ claims: { exp: undefined } }), 'BadJwt')
    await refuses(verifier, await mint({ claims: { exp: String(now + 60) } }), 'BadJwt')
    await refuses(verifier, await mint({ claims: { exp: null } }), 'BadJwt')
    await refuses(verifier, await mint({ claims: { exp: now - jwtExpiredLeewaySec - 1 } }), 'JwtExpired')
    await refuses(verifier, await mint({ claims: { exp: -1 } }), 'JwtExpired')
    await refuses(verifier, await mint({ claims: { exp: now + jwtLifetimeMaxSec + 1 } }), 'BadJwt')
    for (const exp of [now - jwtExpiredLeewaySec, now + 3600, now + jwtLifetimeMaxSec]) {
      await verifier.verify([`Bearer ${await mint({ claims: { exp } })}`], nsid)
    }
  })

  it('from a future beyond what clocks differ is refused', async () => {
    const { verifier, mint } = await world()
    for (const claim of ['nbf', 'iat']) {
      await verifier.verify(
        [`Bearer ${await mint({ claims: { [claim]: now + jwtClockAheadMaxSec } })}`],
        nsid,
      )
      await refuses(verifier, await mint({ claims: { [claim]: now + jwtClockAheadMaxSec + 1 } }), 'BadJwt')
      await refuses(verifier, await mint({ claims: { [claim]: 'soon' } }), 'BadJwt')
    }
  })

  it('of another type of JWT is refused', async () => {
    const { verifier, mint } = await world()
    for (const typ of ['at+jwt', 'AT+JWT', 'refresh+jwt', 'dpop+jwt', 'application/at+jwt', 7]) {
      await refuses(verifier, await mint({ header: { typ } }), 'BadJwtType')
    }
  })

  it('with another algorithm than its key has is refused', async () => {
    const { verifier, mint } = await world()
    for (const alg of ['none', 'None', 'HS256', 'RS256', 'ES384', '', 'constructor', undefined]) {
      await refuses(verifier, await mint({ header: { alg } }), 'BadJwt')
    }
    await refuses(verifier, await mint({ header: { alg: 'ES256' } }), 'BadJwtSignature')
  })

  it('that says it is unsigned is refused, whatever stands where the signature was', async () => {
    const { verifier, mint } = await world()
    const [header, claims, signature] = (await mint({ header: { alg: 'none' } })).split('.')
    await refuses(verifier, `${header}.${claims}.`, 'BadJwt')
    await refuses(verifier, `${header}.${claims}`, 'BadJwt')
    await refuses(verifier, `${header}.${claims}.${signature}`, 'BadJwt')
  })

  it('with critical header fields is refused, for we know none', async () => {
    const { verifier, mint } = await world()
    await refuses(verifier, await mint({ header: { crit: ['b64'], b64: false } }), 'BadJwt')
  })

  it('changed after it was signed is refused', async () => {
    const { verifier, identity, mint } = await world()
    identity.publish(bob, await createTestKey())
    const [header, claims, signature] = (await mint()).split('.')
    const body = JSON.parse(Buffer.from(claims!, 'base64url').toString())
    const forged = Buffer.from(JSON.stringify({ ...body, iss: bob })).toString('base64url')
    await refuses(verifier, `${header}.${forged}.${signature}`, 'BadJwtSignature')
    const otherHeader = Buffer.from(JSON.stringify({ alg: 'ES256K', typ: 'JWT' })).toString('base64url')
    await refuses(verifier, `${otherHeader}.${claims}.${signature}`, 'BadJwtSignature')
    await refuses(verifier, `${header}.${claims}.${signature!.slice(0, -4)}`, 'BadJwtSignature')
  })

  it('in the name of another account is refused', async () => {
    const { verifier, identity, mint } = await world()
    identity.publish(bob, await createTestKey())
    await refuses(verifier, await mint({ iss: bob }), 'BadJwtSignature')
  })

  it('whose issuer is no account is refused without asking the network', async () => {
    const { verifier, identity, mint } = await world()
    const issuers = [
      `${alice}#atproto_labeler`,
      `${alice}#`,
      'did:plc:short',
      `did:plc:${'A'.repeat(24)}`,
      'did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme',
      'did:web:example.org:users:alice',
      'did:web:example.org/../etc',
      'did:web:user@example.org',
      'did:web:',
      'alice.example.org',
      `${alice} `,
      `${alice}\n`,
      '',
    ]
    for (const iss of issuers) await refuses(verifier, await mint({ iss }), 'BadJwtIss')
    for (const iss of [undefined, null, 7, [alice]])
      await refuses(verifier, await mint({ claims: { iss } }), 'BadJwt')
    assert.equal(identity.refreshes, 0)
  })

  it('that is no token at all is refused', async () => {
    const { verifier, mint } = await world()
    const token = await mint()
    const [header, claims, signature] = token.split('.')
    const encode = (text: string) => Buffer.from(text).toString('base64url')
    const junk = [
      'junk',
      '..',
      '...',
      `${token}.`,
      `${token}.${signature}`,
      `${token}=`,
      `${header}.${claims!.slice(0, 9)}!${claims!.slice(9)}.${signature}`,
      `${header}.${claims}+/.${signature}`,
      `${header}.${encode('{"iss":')}.${signature}`,
      `${header}.${encode('null')}.${signature}`,
      `${header}.${encode('[]')}.${signature}`,
      `${header}.${encode('"text"')}.${signature}`,
      `${encode('null')}.${claims}.${signature}`,
      `${header}.${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}.${signature}`,
      'a'.repeat(15_000),
      `${header}.${encode(JSON.stringify({ iss: alice, padding: 'x'.repeat(4096) }))}.${signature}`,
    ]
    for (const text of junk) await refuses(verifier, text, 'BadJwt')
  })

  it('that is far too long is refused, though well signed', async () => {
    const { verifier, mint } = await world()
    const padding = 'x'.repeat(jwtBytesMax)
    await refuses(verifier, await mint({ claims: { padding } }), 'BadJwt')
    await verifier.verify([`Bearer ${await mint({ claims: { padding: padding.slice(2048) } })}`], nsid)
  })

  it('is quoted in no refusal', async () => {
    const { verifier, mint } = await world()
    const secret = 'SECRETSECRET'
    const tokens = [
      await mint({ lxm: secret }),
      await mint({ aud: secret }),
      await mint({ iss: secret }),
      await mint({ header: { typ: secret } }),
      await mint({ header: { alg: secret } }),
      `${secret}.${secret}.${secret}`,
    ]
    for (const token of tokens) {
      await assert.rejects(
        verifier.verify([`Bearer ${token}`], nsid),
        error => !String(error).includes(secret),
      )
    }
  })
})

describe('a token of a labeler', () => {
  const iss = `${alice}#atproto_labeler`

  async function labelerWorld() {
    const made = await world()
    const labelerKey = await createTestKey('ES256')
    made.identity.publish(alice, labelerKey, 'atproto_label')
    const verify = async (change: Partial<TestToken>, labelers = true) =>
      made.verifier.verify([`Bearer ${await made.mint(change)}`], nsid, { labelers })
    return { ...made, labelerKey, verify }
  }

  it('is its account calling, where labelers may', async () => {
    const { labelerKey, key, verify } = await labelerWorld()
    assert.deepEqual(await verify({ iss, key: labelerKey }), proven(alice))
    assert.deepEqual(await verify({ iss: alice, key }), proven(alice))
    await assert.rejects(verify({ iss, key: labelerKey }, false), { name: 'BadJwtIss' })
  })

  it('has to be signed by the key for labels, and a token of the account by that of the account', async () => {
    const { labelerKey, key, verify } = await labelerWorld()
    await assert.rejects(verify({ iss, key }), { name: 'BadJwtSignature' })
    await assert.rejects(verify({ iss: alice, key: labelerKey }), { name: 'BadJwtSignature' })
  })

  it('of an account without such a key is refused', async () => {
    const { key, mint, verifier } = await world()
    const token = await mint({ iss, key })
    await assert.rejects(verifier.verify([`Bearer ${token}`], nsid, { labelers: true }), {
      name: 'BadJwtSignature',
    })
  })

  it('whose key was rotated is found by one refresh', async () => {
    const { identity, labelerKey, verify } = await labelerWorld()
    await verify({ iss, key: labelerKey })
    const newKey = await createTestKey()
    identity.publish(alice, newKey, 'atproto_label')
    assert.deepEqual(await verify({ iss, key: newKey }), proven(alice))
    assert.equal(identity.refreshes, 1)
  })

  it('is no other service', async () => {
    const { identity, labelerKey, verify } = await labelerWorld()
    const issuers = [
      `${alice}#atproto_label`,
      `${alice}#atproto`,
      `${alice}#bsky_chat`,
      `${alice}#ATPROTO_LABELER`,
      `${alice}#atproto_labeler#atproto_labeler`,
      `${alice}#x#atproto_labeler`,
      '#atproto_labeler',
      'did:plc:short#atproto_labeler',
      `${iss} `,
    ]
    for (const iss of issuers)
      await assert.rejects(verify({ iss, key: labelerKey }), { name: 'BadJwtIss' }, iss)
    assert.equal(identity.refreshes, 0)
  })
})

describe('the Authorization header', () => {
  let valid: string
  let verifier: ServiceJwtVerifier
  before(async () => {
    const made = await world()
    valid = await made.mint()
    verifier = made.verifier
  })

  it('must be there', async () => {
    await assert.rejects(verifier.verify([], nsid), {
      name: 'AuthMissing',
      message: 'Authentication Required',
    })
  })

  it('must hold one bearer token', async () => {
    for (const header of [
      '',
      'Bearer',
      'Bearer ',
      `Basic ${valid}`,
      valid,
      `DPoP ${valid}`,
      `Bearer ${valid} x`,
      `Bearer ${valid}, Bearer ${valid}`,
    ]) {
      await assert.rejects(verifier.verify([header], nsid), { name: 'AuthMissing' })
    }
    assert.deepEqual(await verifier.verify([`bearer ${valid}`], nsid), proven(alice))
  })

  it('must not come twice', async () => {
    await assert.rejects(verifier.verify([`Bearer ${valid}`, `Bearer ${valid}`], nsid), { name: 'BadJwt' })
  })
})

describe('a signing key', () => {
  it('that was rotated is found by exactly one refresh', async () => {
    const { verifier, identity, mint } = await world()
    await verifier.verify([`Bearer ${await mint()}`], nsid)
    assert.equal(identity.refreshes, 0)
    const newKey = await createTestKey('ES256')
    identity.publish(alice, newKey)
    assert.deepEqual(await verifier.verify([`Bearer ${await mint({ key: newKey })}`], nsid), proven(alice))
    assert.equal(identity.refreshes, 1)
    await verifier.verify([`Bearer ${await mint({ key: newKey })}`], nsid)
    assert.equal(identity.refreshes, 1)
  })

  it('that was rotated away verifies no longer, at the price of one refresh', async () => {
    const { verifier, identity, key, mint } = await world()
    identity.publish(alice, await createTestKey())
    await refuses(verifier, await mint({ key }), 'BadJwtSignature')
    assert.equal(identity.refreshes, 1)
  })

  it('that did not change is not tried twice', async () => {
    const { verifier, identity, verifications, mint } = await world()
    await refuses(verifier, await mint({ key: await createTestKey() }), 'BadJwtSignature')
    assert.equal(identity.refreshes, 1)
    assert.equal(verifications(), 1)
  })

  it('that nobody knows is looked for once more', async () => {
    const { verifier, identity, key, mint } = await world()
    await refuses(verifier, await mint({ iss: bob }), 'BadJwtSignature')
    assert.equal(identity.refreshes, 1)
    identity.publish(bob, key)
    assert.deepEqual(await verifier.verify([`Bearer ${await mint({ iss: bob })}`], nsid), proven(bob))
  })

  it('that is no point of its curve refuses everything', async () => {
    const { verifier, identity, key, mint } = await world()
    for (const curve of ['secp256k1', 'p256'] as const) {
      identity.publish(alice, { ...key, public: { curve, bytes: Buffer.alloc(33, 2) } })
      const header = { alg: curve === 'p256' ? 'ES256' : 'ES256K' }
      await refuses(verifier, await mint({ key: await createTestKey(), header }), 'BadJwtSignature')
    }
  })
})

describe('replay protection', () => {
  it('admits a token once when on', async () => {
    const { verifier, mint } = await world({ replay: createReplayGuard() })
    const token = await mint()
    await verifier.verify([`Bearer ${token}`], nsid)
    await refuses(verifier, token, 'JwtReplayed')
    await verifier.verify([`Bearer ${await mint()}`], nsid)
  })

  it('is not fooled by the same signature with its s flipped', async () => {
    const { verifier, mint } = await world({ replay: createReplayGuard() })
    const token = await mint()
    await verifier.verify([`Bearer ${token}`], nsid)
    await refuses(verifier, flipS(token, 'ES256K'), 'JwtReplayed')
  })

  it('lets nobody use up the tokens of others by forging their ids', async () => {
    const { verifier, mint } = await world({ replay: createReplayGuard() })
    const claims = { jti: 'known' }
    await refuses(verifier, await mint({ claims, key: await createTestKey() }), 'BadJwtSignature')
    await verifier.verify([`Bearer ${await mint({ claims })}`], nsid)
  })

  it('needs an id in the token when on, and none when off', async () => {
    const claims = { jti: undefined }
    const on = await world({ replay: createReplayGuard() })
    await refuses(on.verifier, await on.mint({ claims }), 'BadJwt')
    const off = await world()
    const token = await off.mint({ claims })
    await off.verifier.verify([`Bearer ${token}`], nsid)
    await off.verifier.verify([`Bearer ${token}`], nsid)
  })
})

const orders = {
  ES256K: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
  ES256: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
}

/** The other valid signature over the same content: s replaced by the curve's order minus s. */
function flipS(token: string, alg: keyof typeof orders): string {
  const [header, claims, signature] = token.split('.')
  const bytes = Buffer.from(signature!, 'base64url')
  const s = BigInt(`0x${bytes.toString('hex', 32)}`)
  const flipped = (orders[alg] - s).toString(16).padStart(64, '0')
  return `${header}.${claims}.${Buffer.concat([bytes.subarray(0, 32), Buffer.from(flipped, 'hex')]).toString('base64url')}`
}
