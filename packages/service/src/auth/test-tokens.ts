import { randomBytes } from 'node:crypto'
import { P256PrivateKeyExportable, type PrivateKey, Secp256k1PrivateKeyExportable } from '@atcute/crypto'
import type { Did } from '@atcute/lexicons/syntax'
import type { Identity, KeyName, SigningKey, SigningKeyOptions } from '../people/identity.ts'

/** For tests: accounts and tokens as a PDS would make them, by other code than that which verifies them. */

export interface TestKey {
  alg: 'ES256K' | 'ES256'
  public: SigningKey
  /** As a DID document shows it. */
  multikey: string
  sign(data: Uint8Array): Promise<Uint8Array>
}

export async function createTestKey(alg: 'ES256K' | 'ES256' = 'ES256K'): Promise<TestKey> {
  const pair: PrivateKey =
    alg === 'ES256K'
      ? await Secp256k1PrivateKeyExportable.createKeypair()
      : await P256PrivateKeyExportable.createKeypair()
  return {
    alg,
    public: {
      curve: alg === 'ES256K' ? 'secp256k1' : 'p256',
      bytes: await pair.exportPublicKey('raw'),
    },
    multikey: await pair.exportPublicKey('multikey'),
    sign: data => pair.sign(data),
  }
}

/** A valid did:plc that nobody has; the same for the same name. */
export function testDid(name: string): Did {
  const letters = name
    .toLowerCase()
    .replaceAll(/[^a-z2-7]/g, '')
    .slice(0, 24)
  return `did:plc:${letters.padEnd(24, '2')}`
}

export interface TestToken {
  iss: string
  aud: string
  /** `undefined` leaves the claim out. */
  lxm: string | undefined
  key: TestKey
  /** Seconds since the epoch at which the token is made; it lives for a minute. */
  now: number
  /** More claims, or other values for the usual ones; `undefined` leaves a claim out. */
  claims?: Record<string, unknown>
  /** More header fields, or other values for the usual ones. */
  header?: Record<string, unknown>
}

export async function mintServiceJwt(token: TestToken): Promise<string> {
  const { iss, aud, lxm, key, now } = token
  const header = { typ: 'JWT', alg: key.alg, ...token.header }
  const jti = randomBytes(16).toString('hex')
  const claims = { iat: now, iss, aud, exp: now + 60, lxm, jti, ...token.claims }
  const signed = `${encode(header)}.${encode(claims)}`
  const signature = await key.sign(Buffer.from(signed))
  return `${signed}.${Buffer.from(signature).toString('base64url')}`
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** An identity directory in memory with a cache that, as a real one, knows nothing of a rotation until asked again. */
export class TestIdentity implements Identity {
  /** How often the network would have been asked on the caller's demand. */
  refreshes = 0
  readonly #published = new Map<string, SigningKey>()
  readonly #cached = new Map<string, SigningKey>()

  /** The key that the network knows from now on. */
  publish(did: Did, key: TestKey, name: KeyName = 'atproto'): void {
    this.#published.set(`${did}#${name}`, key.public)
  }

  async signingKey(did: Did, options: SigningKeyOptions = {}): Promise<SigningKey | undefined> {
    const { key = 'atproto', refresh = false } = options
    const name = `${did}#${key}`
    if (refresh) this.refreshes += 1
    const cached = this.#cached.get(name)
    if (cached !== undefined && !refresh) return cached
    const published = this.#published.get(name)
    if (published !== undefined) this.#cached.set(name, published)
    return published
  }

  async pds(): Promise<string | undefined> {
    return undefined
  }
}
