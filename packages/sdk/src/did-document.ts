import { type Did, isHandle } from '@atcute/lexicons/syntax'
import { fieldsOf, readText } from './body.ts'

/** A DID document as it was published. What it says besides its id is unchecked: read it with the functions here. */
export interface DidDocument {
  id: Did
  [field: string]: unknown
}

export interface DidSources {
  plcUrl: string
  fetch: typeof fetch
}

const DOCUMENT_BYTES_MAX = 64 * 1024

/** Fetches the document of a did:plc or did:web. Undefined: surely there is none. Throws if it cannot be told. */
export async function fetchDidDocument(
  did: Did,
  sources: DidSources,
  signal: AbortSignal,
): Promise<DidDocument | undefined> {
  const url = documentUrl(did, sources.plcUrl)
  if (url === undefined) return undefined
  const accept = 'application/did+ld+json,application/json'
  const response = await sources.fetch(url, { signal, redirect: 'error', headers: { accept } })
  const text = await readText(response, DOCUMENT_BYTES_MAX)
  if (response.status === 404 || response.status === 410) return undefined
  if (!response.ok) throw new Error(`answered with status ${response.status}`)
  const document = fieldsOf(JSON.parse(text))
  // Someone else's document proves nothing.
  return document.id === did ? (document as DidDocument) : undefined
}

function documentUrl(did: Did, plcUrl: string): string | undefined {
  const [, method, name = '', ...path] = did.split(':')
  if (method === 'plc') return new URL(`/${did}`, plcUrl).href
  if (method !== 'web' || path.length > 0) return undefined // atproto knows no other, and no paths
  const host = decodeURIComponent(name)
  const scheme = /^localhost(:\d+)?$/.test(host) ? 'http' : 'https'
  return /^[\w.-]+(:\d+)?$/.test(host) ? `${scheme}://${host}/.well-known/did.json` : undefined
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
