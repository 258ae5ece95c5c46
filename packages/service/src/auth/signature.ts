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
    // Node takes r and s as they are too, for half as much time again.
    return verify('sha256', Buffer.from(signed), publicKey, derSignature(signature))
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

/** `signature` (r and s, 32 bytes each) as OpenSSL reads it: `SEQUENCE { r INTEGER, s INTEGER }` (RFC 3279, 2.2.3). */
function derSignature(signature: Uint8Array): Uint8Array {
  if (signature.length !== 64) throw new RangeError('A signature has 64 bytes')
  const der = new Uint8Array(72)
  const afterR = writeInteger(der, 2, signature, 0)
  const end = writeInteger(der, afterR, signature, 32)
  der[0] = 0x30
  der[1] = end - 2
  return der.subarray(0, end)
}

/** Writes the 32 bytes at `from` as an unsigned INTEGER, which has no zeros in front but one where it would be negative. */
function writeInteger(der: Uint8Array, at: number, bytes: Uint8Array, from: number): number {
  let first = from
  while (first < from + 31 && bytes[first] === 0) first += 1
  const padding = bytes[first]! >= 0x80 ? 1 : 0
  const length = from + 32 - first
  der[at] = 0x02
  der[at + 1] = padding + length
  der.set(bytes.subarray(first, from + 32), at + 2 + padding)
  return at + 2 + padding + length
}

function p256Key(compressed: Uint8Array): KeyObject {
  const point = ECDH.convertKey(compressed, 'prime256v1', undefined, undefined, 'uncompressed') as Buffer
  const x = point.toString('base64url', 1, 33)
  const y = point.toString('base64url', 33)
  return createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x, y } })
}
