import { createECDH, createHash, createPrivateKey, hash, type KeyObject, sign } from 'node:crypto'
import type { Did } from '@atcute/lexicons/syntax'
import { toBase58Btc } from '@atcute/multibase'
import secp256k1 from 'secp256k1'

/** An account with the key its tokens are signed with. The same number gives the same account and key. */
export interface TestAccount {
  did: Did
  name: string
  alg: 'ES256K' | 'ES256'
  /** As its DID document shows it. */
  multikey: string
  /** A service token as the account's PDS signs it. No two are the same. */
  token(claims: TokenClaims): string
}

export interface TokenClaims {
  /** Default the account itself. */
  iss?: Did
  aud: Did
  lxm: string
  /** Seconds since the epoch at which it is made. */
  now: number
  /** Default an hour, the longest that is accepted. */
  lifetimeSec?: number
}

/** Every other one has a key of the other curve. */
export function testAccount(number: number): TestAccount {
  const name = `account${number}`
  const key = number % 2 === 0 ? secp256k1Key(name) : p256Key(name)
  const did: Did = `did:plc:${base32(createHash('sha256').update(name).digest()).slice(0, 24)}`
  let tokens = 0
  return {
    did,
    name,
    alg: key.alg,
    multikey: key.multikey,
    token({ iss = did, aud, lxm, now, lifetimeSec = 60 * 60 }) {
      tokens += 1
      const jti = `${name}-${tokens}-${lxm}`
      const claims = { iat: now, iss, aud, exp: now + lifetimeSec, lxm, jti }
      const signed = `${encode({ typ: 'JWT', alg: key.alg })}.${encode(claims)}`
      return `${signed}.${Buffer.from(key.sign(signed)).toString('base64url')}`
    },
  }
}

interface Key {
  alg: TestAccount['alg']
  multikey: string
  sign(text: string): Uint8Array
}

/** The library signs in a tenth of the time that OpenSSL takes: loads need hundreds of thousands of tokens. */
function secp256k1Key(seed: string): Key {
  const secret = createHash('sha256').update(`secp256k1 ${seed}`).digest()
  return {
    alg: 'ES256K',
    multikey: multikey([0xe7, 0x01], secp256k1.publicKeyCreate(secret, true)),
    sign: text => secp256k1.ecdsaSign(hash('sha256', text, 'buffer'), secret).signature,
  }
}

function p256Key(seed: string): Key {
  const ecdh = createECDH('prime256v1')
  const secret = createHash('sha256').update(`p256 ${seed}`).digest()
  ecdh.setPrivateKey(secret)
  const point = ecdh.getPublicKey()
  const coordinates = { x: point.subarray(1, 33), y: point.subarray(33, 65), d: secret }
  const jwk = Object.fromEntries(
    Object.entries(coordinates).map(([name, bytes]) => [name, bytes.toString('base64url')]),
  )
  const key: KeyObject = createPrivateKey({ key: { kty: 'EC', crv: 'P-256', ...jwk }, format: 'jwk' })
  return {
    alg: 'ES256',
    multikey: multikey([0x80, 0x24], ecdh.getPublicKey(null, 'compressed')),
    sign: text => sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }),
  }
}

function multikey(prefix: number[], point: Uint8Array): string {
  return `z${toBase58Btc(Buffer.concat([Buffer.from(prefix), point]))}`
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function base32(bytes: Uint8Array): string {
  return Array.from(bytes, byte => 'abcdefghijklmnopqrstuvwxyz234567'[byte & 31]).join('')
}
