import { ECDH } from 'node:crypto'
import { getPublicKeyFromDidController } from '@atcute/crypto'
import { isAtprotoServiceEndpoint } from '@atcute/identity'
import type { KeyName, SigningKey } from './identity.ts'

/** What we keep of a DID document. */
export interface DidFacts {
  keys: Record<KeyName, SigningKey | undefined>
  /** Origin of the PDS. */
  pds: string | undefined
}

/**
 * A DID document as far as we read it. Its entries are looked at only where one is searched for: a validator that
 * explains each of thousands of bad entries takes a thousand times as long to refuse a document as to read it.
 */
export interface DidDocument {
  id: string
  verificationMethod: readonly unknown[]
  service: readonly unknown[]
}

/** A key of the longest kind, an uncompressed point, is 90 characters; decoding takes the square of the length. */
const keyCharsMax = 128

/** The longest host name with scheme and port is 269. */
const pdsCharsMax = 512

/** `undefined` where `body` is no DID document. */
export function readDidDocument(body: unknown): DidDocument | undefined {
  const { id, verificationMethod = [], service = [] } = Object(body)
  const isDocument = typeof id === 'string' && Array.isArray(verificationMethod) && Array.isArray(service)
  return isDocument ? { id, verificationMethod, service } : undefined
}

export function readDidFacts(document: DidDocument): DidFacts {
  const keys = { atproto: readKey(document, 'atproto'), atproto_label: readKey(document, 'atproto_label') }
  return { keys, pds: readPds(document) }
}

/** Of two keys under one name the first counts, as in the official resolvers. */
function readKey(document: DidDocument, name: KeyName): SigningKey | undefined {
  for (const method of document.verificationMethod) {
    const { id, type, publicKeyMultibase } = Object(method)
    if (!isOwn(document, id, `#${name}`) || typeof publicKeyMultibase !== 'string') continue
    if (typeof type !== 'string' || publicKeyMultibase.length > keyCharsMax) return undefined
    return decodeKey({ type, publicKeyMultibase })
  }
  return undefined
}

const opensslCurve = { secp256k1: 'secp256k1', p256: 'prime256v1' } as const

/** Multikey holds a compressed point, the two types of 2019 an uncompressed one. `undefined` where it is no key of ours. */
function decodeKey(method: { type: string; publicKeyMultibase: string }): SigningKey | undefined {
  try {
    const { type: curve, publicKeyBytes } = getPublicKeyFromDidController(method)
    // Compresses, and throws where the point is not on its curve.
    const bytes = ECDH.convertKey(
      publicKeyBytes,
      opensslCurve[curve],
      undefined,
      undefined,
      'compressed',
    ) as Buffer
    return { curve, bytes: new Uint8Array(bytes) }
  } catch {
    return undefined
  }
}

function readPds(document: DidDocument): string | undefined {
  for (const service of document.service) {
    const { id, type, serviceEndpoint } = Object(service)
    if (!isOwn(document, id, '#atproto_pds') || type !== 'AtprotoPersonalDataServer') continue
    if (typeof serviceEndpoint !== 'string' || serviceEndpoint.length > pdsCharsMax) continue
    if (isAtprotoServiceEndpoint(serviceEndpoint)) return new URL(serviceEndpoint).origin
  }
  return undefined
}

/** Whether `id` is `fragment`, written alone or after the document's own DID. */
function isOwn(document: DidDocument, id: unknown, fragment: string): boolean {
  return id === fragment || id === document.id + fragment
}
