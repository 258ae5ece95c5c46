import { createPublicKey, ECDH, hash, type KeyObject, verify } from 'node:crypto'
import type { LRUCache } from 'lru-cache'
import secp256k1 from 'secp256k1'
import { boundedCache } from '../bounded-cache.ts'
import { preparedKeysMax } from '../limits.ts'
import type { SigningKey } from '../people/identity.ts'

/** Signature algorithms of AT Protocol tokens and the curve each belongs to. */
export const curveOfAlgorithm = { ES256K: 'secp256k1', ES256: 'p256' } as const

export interface SignatureVerifier {
  /** Whether `signature` (r and s, 64 bytes; high s tolerated) over the bytes of `signed` was made by `key`. Never throws. */
  verify(key: SigningKey, signed: string, signature: Uint8Array): boolean
}

/**
 * ES256K goes to libsecp256k1, seven times as fast as OpenSSL, ES256 to OpenSSL.
 * Unpacking a key costs a square root, so prepared keys are kept.
 */
export function createSignatureVerifier(): SignatureVerifier {
  const secp256k1Points = boundedCache<string, Uint8Array>(preparedKeysMax)
  const p256Keys = boundedCache<string, KeyObject>(preparedKeysMax)

  function verifyES256K(key: SigningKey, signed: string, signature: Uint8Array): boolean {
    const point = prepared(secp256k1Points, key, bytes => secp256k1.publicKeyConvert(bytes, false))
    // libsecp256k1 knows only low s; official verifiers tolerate both.
    const normal = secp256k1.signatureNormalize(Uint8Array.from(signature))
    return secp256k1.ecdsaVerify(normal, hash('sha256', signed, 'buffer'), point)
  }

  function verifyES256(key: SigningKey, signed: string, signature: Uint8Array): boolean {
    const publicKey = prepared(p256Keys, key, p256Key)
    return verify('sha256', Buffer.from(signed), { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)
  }

  return {
    verify(key, signed, signature) {
      try {
        return key.curve === 'secp256k1'
          ? verifyES256K(key, signed, signature)
          : verifyES256(key, signed, signature)
      } catch {
        // Wrong length, a point off its curve, r or s out of range: both libraries throw.
        return false
      }
    },
  }
}

function prepared<Key extends object>(
  cache: LRUCache<string, Key>,
  key: SigningKey,
  prepare: (bytes: Uint8Array) => Key,
): Key {
  const name = Buffer.from(key.bytes).toString('latin1')
  let ready = cache.get(name)
  if (ready === undefined) {
    ready = prepare(key.bytes)
    cache.set(name, ready)
  }
  return ready
}

function p256Key(compressed: Uint8Array): KeyObject {
  const point = ECDH.convertKey(compressed, 'prime256v1', undefined, undefined, 'uncompressed') as Buffer
  const x = point.toString('base64url', 1, 33)
  const y = point.toString('base64url', 33)
  return createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x, y } })
}
