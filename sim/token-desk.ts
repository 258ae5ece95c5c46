import type { Did } from '@atcute/lexicons/syntax'
import { fromBase58Btc } from '@atcute/multibase'
import { type TestAccount, testAccount } from '@parley/testing/account.ts'
import type { Identity, SigningKey } from '../packages/service/src/people/identity.ts'

export const serviceDid: Did = 'did:web:chat.example.org'

/**
 * Signs tokens for everybody with one key, at once: nothing may happen beside the scheduler. So it is an ES256K key,
 * which the service checks in place; the other kind is checked on another core.
 */
export class TokenDesk {
  readonly identity: Identity
  readonly #signer: TestAccount = testAccount(0)

  constructor(dids: readonly Did[]) {
    const key: SigningKey = {
      curve: 'secp256k1',
      bytes: fromBase58Btc(this.#signer.multikey.slice(1)).subarray(2),
    }
    this.identity = {
      signingKey: async did => (dids.includes(did) ? key : undefined),
      pds: async () => undefined,
    }
  }

  token(did: Did, lxm: string, nowMs: number): string {
    return this.#signer.token({
      iss: did,
      aud: serviceDid,
      lxm,
      now: Math.floor(nowMs / 1000),
      lifetimeSec: 60,
    })
  }
}
