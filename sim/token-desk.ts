import { generateKeyPairSync, sign } from 'node:crypto'
import type { Did } from '@atcute/lexicons/syntax'
import { mintServiceJwt, TestIdentity, type TestKey } from '../packages/service/src/auth/test-tokens.ts'

export const serviceDid: Did = 'did:web:chat.example.org'

/** Signs tokens for everybody with one key, at once: nothing may happen beside the scheduler. */
export class TokenDesk {
  readonly identity = new TestIdentity()
  readonly #key = createKey()

  constructor(dids: readonly Did[]) {
    for (const did of dids) this.identity.publish(did, this.#key)
  }

  token(did: Did, lxm: string, nowMs: number): Promise<string> {
    return mintServiceJwt({ iss: did, aud: serviceDid, lxm, key: this.#key, now: Math.floor(nowMs / 1000) })
  }
}

function createKey(): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const { x, y } = publicKey.export({ format: 'jwk' })
  const isOdd = Buffer.from(y!, 'base64url').at(-1)! & 1
  return {
    alg: 'ES256',
    public: {
      curve: 'p256',
      bytes: Buffer.concat([Buffer.from([2 + isOdd]), Buffer.from(x!, 'base64url')]),
    },
    multikey: '',
    sign: async data => sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
  }
}
