import { Secp256k1PrivateKeyExportable } from '@atcute/crypto'
import type { SigningKey } from '../people/identity.ts'

/** A key such as a PDS keeps for an account. */
export interface AccountKey {
  /** What others verify with. */
  signingKey: SigningKey
  /** A signature of 64 bytes, as service tokens carry it. */
  sign(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array>
}

/** Makes one, different each time. */
export async function makeAccountKey(): Promise<AccountKey> {
  const key = await Secp256k1PrivateKeyExportable.createKeypair()
  const bytes = await key.exportPublicKey('raw')
  return { signingKey: { curve: 'secp256k1', bytes }, sign: data => key.sign(data) }
}
