import type { Did } from '@atcute/lexicons/syntax'
import { createTestKey, mintServiceJwt, type TestKey } from '../../src/auth/test-tokens.ts'

export const audience: Did = 'did:web:chat.example.org'

/** How a call shows who is calling. */
export type TokenKind =
  | 'good'
  | 'none'
  | 'no-method'
  | 'other-method'
  | 'expired'
  | 'other-service'
  | 'other-key'
  | 'labeler'

export interface Errand {
  did: Did
  nsid: string
  nowMs: number
}

/** Tokens of everybody for every method, made where they are first needed: worlds begin at one moment. */
export class TokenDesk {
  readonly keys: { atproto: TestKey; atproto_label: TestKey }
  readonly #otherKey: TestKey
  readonly #made = new Map<string, Promise<string>>()

  private constructor(keys: TokenDesk['keys'], otherKey: TestKey) {
    this.keys = keys
    this.#otherKey = otherKey
  }

  static async open(): Promise<TokenDesk> {
    const [atproto, atproto_label, otherKey] = await Promise.all([
      createTestKey('ES256'),
      createTestKey('ES256'),
      createTestKey('ES256'),
    ])
    return new TokenDesk({ atproto, atproto_label }, otherKey)
  }

  /** The `Authorization` headers of a call. */
  async authorization(errand: Errand, kind: TokenKind): Promise<string[]> {
    if (kind === 'none') return []
    const name = `${errand.did} ${errand.nsid} ${errand.nowMs} ${kind}`
    const token = this.#made.get(name) ?? this.#mint(errand, kind)
    this.#made.set(name, token)
    return [`Bearer ${await token}`]
  }

  #mint({ did, nsid, nowMs }: Errand, kind: TokenKind): Promise<string> {
    const { atproto, atproto_label } = this.keys
    const now = Math.floor(nowMs / 1000)
    const good = { iss: did, aud: audience, lxm: nsid, key: atproto, now }
    switch (kind) {
      case 'no-method':
        return mintServiceJwt({ ...good, lxm: undefined })
      case 'other-method': {
        const other = nsid.endsWith('.getLog') ? 'chat.bsky.convo.getConvo' : 'chat.bsky.convo.getLog'
        return mintServiceJwt({ ...good, lxm: other })
      }
      case 'expired':
        return mintServiceJwt({ ...good, now: now - 120 })
      case 'other-service':
        return mintServiceJwt({ ...good, aud: 'did:web:elsewhere.example.org' })
      case 'other-key':
        return mintServiceJwt({ ...good, key: this.#otherKey })
      case 'labeler':
        return mintServiceJwt({ ...good, iss: `${did}#atproto_labeler`, key: atproto_label })
      default:
        return mintServiceJwt(good)
    }
  }
}
