import { ECDH } from 'node:crypto'
import { getPublicKeyFromDidController } from '@atcute/crypto'
import { isAtprotoServiceEndpoint } from '@atcute/identity'
import type { DidDocument } from '@atproto-labs/did-resolver'
import type { SigningKey } from './identity.ts'

/** What we read of a DID document. */
export interface DidFacts {
  /** By fragment without its `#`. */
  keys: Map<string, SigningKey>
  /** Origin of the PDS. */
  pds: string | undefined
}

export function readDidFacts(document: DidDocument): DidFacts {
  return { keys: readKeys(document), pds: readPds(document) }
}

function readKeys(document: DidDocument): Map<string, SigningKey> {
  const keys = new Map<string, SigningKey>()
  for (const { id, type, publicKeyMultibase } of document.verificationMethod ?? []) {
    const fragment = ownFragment(document, id)
    // Of two keys under one name the first counts, as in the official resolvers.
    if (fragment === undefined || publicKeyMultibase === undefined || keys.has(fragment)) continue
    const key = readKey({ type, publicKeyMultibase })
    if (key !== undefined) keys.set(fragment, key)
  }
  return keys
}

const opensslCurve = { secp256k1: 'secp256k1', p256: 'prime256v1' } as const

/** Multikey holds a compressed point, the two types of 2019 an uncompressed one. `undefined` where it is no key of ours. */
function readKey(method: { type: string; publicKeyMultibase: string }): SigningKey | undefined {
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
  for (const { id, type, serviceEndpoint } of document.service ?? []) {
    if (ownFragment(document, id) !== 'atproto_pds' || type !== 'AtprotoPersonalDataServer') continue
    if (typeof serviceEndpoint === 'string' && isAtprotoServiceEndpoint(serviceEndpoint)) {
      return new URL(serviceEndpoint).origin
    }
  }
  return undefined
}

/** `atproto` for `#atproto` and for `<did>#atproto`. */
function ownFragment(document: DidDocument, id: string): string | undefined {
  const hash = id.indexOf('#')
  return hash === 0 || id.slice(0, hash) === document.id ? id.slice(hash + 1) : undefined
}
