import { type Did, isHandle } from '@atcute/lexicons/syntax'
import { ask } from './ask.ts'
import { fieldsOf } from './body.ts'
import { ChatError } from './errors.ts'

/** A DID document as it was published. What it says besides its id is unchecked: read it with the functions here. */
export interface DidDocument {
  id: Did
  [field: string]: unknown
}

export interface DidSources {
  plcUrl: string
  allowPrivateNetwork: boolean
  fetch: typeof fetch
}

/** Fetches the document of a did:plc or did:web. Undefined: surely there is none. Throws if it cannot be told. */
export async function fetchDidDocument(
  did: Did,
  sources: DidSources,
  signal: AbortSignal,
): Promise<DidDocument | undefined> {
  const url = documentUrl(did, sources)
  if (url === undefined) return undefined
  const accept = 'application/did+ld+json,application/json'
  const text = await ask(sources.fetch, { url, accept, none: [404, 410], signal })
  if (text === undefined) return undefined
  const document = fieldsOf(JSON.parse(text))
  // Someone else's document proves nothing.
  return document.id === did ? (document as DidDocument) : undefined
}

function documentUrl(did: Did, { plcUrl, allowPrivateNetwork }: DidSources): string | undefined {
  const [, method, name = '', ...path] = did.split(':')
  if (method === 'plc') return new URL(`/${did}`, plcUrl).href
  if (method !== 'web' || path.length > 0) return undefined // atproto knows no other, and no paths
  const host = hostOf(name)
  if (host === undefined) return undefined
  if (!allowPrivateNetwork && !isPublicDomain(host)) {
    throw new ChatError('identity/unresolved', `${did} names no public domain`)
  }
  const scheme = /^localhost(:\d+)?$/.test(host) ? 'http' : 'https'
  return `${scheme}://${host}/.well-known/did.json`
}

/** The host, with its port if there is one, that a did:web is the name of. */
function hostOf(name: string): string | undefined {
  const host = name.replace(/%3A/i, ':').toLowerCase()
  return /^[\w.-]+(:\d+)?$/.test(host) ? host : undefined
}

/**
 * Whether a host can be meant for the whole Internet: a domain without port, no address and no name of a local network.
 * What address a domain leads to cannot be known here.
 */
export function isPublicDomain(host: string): boolean {
  return isHandle(host) && !/\.(localhost|local|internal|arpa)$/.test(host)
}

/** The origin of the account's PDS. */
export function pdsOf(document: unknown): string | undefined {
  for (const { id, serviceEndpoint } of listOf(document, 'service')) {
    if (typeof id === 'string' && id.endsWith('#atproto_pds')) return originOf(serviceEndpoint)
  }
  return undefined
}

/** The handle that a document claims. It is the account's only if it points back to the DID. */
export function handleOf(document: DidDocument): string | undefined {
  const { alsoKnownAs } = document
  for (const name of Array.isArray(alsoKnownAs) ? alsoKnownAs : []) {
    if (typeof name !== 'string' || !name.startsWith('at://')) continue
    const handle = name.slice('at://'.length).toLowerCase()
    return isHandle(handle) ? handle : undefined
  }
  return undefined
}

/** The key that signs the repository, as did:key; undefined of a document in an outdated form. */
export function signingKeyOf(document: DidDocument): string | undefined {
  for (const { id, type, publicKeyMultibase } of listOf(document, 'verificationMethod')) {
    if (typeof id !== 'string' || !id.endsWith('#atproto') || type !== 'Multikey') continue
    return typeof publicKeyMultibase === 'string' ? `did:key:${publicKeyMultibase}` : undefined
  }
  return undefined
}

/** The origin of an address, if it is one that HTTP can reach. */
export function originOf(address: unknown): string | undefined {
  try {
    const { protocol, origin } = new URL(String(address))
    return protocol === 'https:' || protocol === 'http:' ? origin : undefined
  } catch {
    return undefined
  }
}

function listOf(document: unknown, field: string): Record<string, unknown>[] {
  const list = fieldsOf(document)[field]
  return Array.isArray(list) ? list.map(fieldsOf) : []
}
