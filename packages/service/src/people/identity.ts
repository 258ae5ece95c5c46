import type { Did } from '@atcute/lexicons/syntax'

/** A public key of a DID document, ready to verify with. `bytes` is the compressed point, 33 bytes. */
export interface SigningKey {
  curve: 'secp256k1' | 'p256'
  bytes: Uint8Array
}

/** Names of keys in DID documents, without their `#`: the account's own, and that of the labeler it runs. */
export type KeyName = 'atproto' | 'atproto_label'

export interface SigningKeyOptions {
  /** Default `atproto`. */
  key?: KeyName
  /** Asks the network again, at most once per few seconds for one DID. Default: what is cached serves. */
  refresh?: boolean
}

/**
 * What an account's DID document says, for those who need it: who signs for it and where its data lives.
 * Both refuse with `UpstreamFailure` where nobody answers and nothing usable is cached.
 */
export interface Identity {
  /** A key of `did`, cached. `undefined` where the DID does not exist or holds no such key. */
  signingKey(did: Did, options?: SigningKeyOptions): Promise<SigningKey | undefined>
  /** The account's PDS origin, `undefined` where the DID does not exist or names none. Cached. */
  pds(did: Did): Promise<string | undefined>
}
