import { type Did, isDid, isHandle } from '@atcute/lexicons/syntax'
import { ask } from './ask.ts'
import { fieldsOf } from './body.ts'
import { isPublicDomain } from './did-document.ts'

export interface HandleSources {
  /** An XRPC service to ask, instead of the other two. */
  service: string | undefined
  dohUrl: string
  allowPrivateNetwork: boolean
  fetch: typeof fetch
}

/** As people write it: `@Alice.Example` is alice.example. Undefined if it is no handle. */
export function normalizeHandle(written: string): string | undefined {
  const handle = written.trim().replace(/^@/, '').toLowerCase()
  return isHandle(handle) ? handle : undefined
}

/** The DID a handle points to. Undefined: surely none. Throws if it cannot be told. */
export async function lookUpHandle(
  handle: string,
  sources: HandleSources,
  signal: AbortSignal,
): Promise<Did | undefined> {
  if (sources.service !== undefined) return askService(handle, sources.service, sources.fetch, signal)
  const overHttps = askDomain(handle, sources, signal)
  overHttps.catch(() => {}) // DNS is preferred, and when it knows the answer nobody waits for this one
  const overDns = await askDns(handle, sources, signal).catch(() => undefined)
  return overDns ?? overHttps
}

async function askService(
  handle: string,
  service: string,
  fetchThis: typeof fetch,
  signal: AbortSignal,
): Promise<Did | undefined> {
  const { href } = new URL(`/xrpc/com.atproto.identity.resolveHandle?handle=${handle}`, service)
  const text = await ask(fetchThis, { url: href, accept: 'application/json', none: [400], signal })
  return text === undefined ? undefined : didOrNone(fieldsOf(JSON.parse(text)).did)
}

async function askDns(handle: string, sources: HandleSources, signal: AbortSignal): Promise<Did | undefined> {
  const url = new URL(sources.dohUrl)
  url.searchParams.set('name', `_atproto.${handle}`)
  url.searchParams.set('type', 'TXT')
  const text = await ask(sources.fetch, { url: url.href, accept: 'application/dns-json', none: [], signal })
  const { Answer } = fieldsOf(JSON.parse(text ?? ''))
  const records = (Array.isArray(Answer) ? Answer : []).map(record => String(fieldsOf(record).data))
  const dids = records.map(record => /^"?did=(.*?)"?$/.exec(record)?.[1]).filter(did => did !== undefined)
  return dids.length === 1 ? didOrNone(dids[0]) : undefined // two records contradict each other
}

async function askDomain(
  handle: string,
  sources: HandleSources,
  signal: AbortSignal,
): Promise<Did | undefined> {
  if (!sources.allowPrivateNetwork && !isPublicDomain(handle)) return undefined
  const url = `https://${handle}/.well-known/atproto-did`
  const text = await ask(sources.fetch, { url, accept: 'text/plain', none: [404], signal })
  return didOrNone(text?.split('\n')[0]?.trim())
}

function didOrNone(value: unknown): Did | undefined {
  return isDid(value) ? value : undefined
}
