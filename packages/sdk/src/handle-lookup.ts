import { type Did, isDid, isHandle } from '@atcute/lexicons/syntax'
import { fieldsOf, readText } from './body.ts'

export interface HandleSources {
  /** An XRPC service to ask, instead of the other two. */
  service: string | undefined
  dohUrl: string
  fetch: typeof fetch
}

const ANSWER_BYTES_MAX = 16 * 1024

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
  const overHttps = askDomain(handle, sources.fetch, signal)
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
  const url = new URL('/xrpc/com.atproto.identity.resolveHandle', service)
  url.searchParams.set('handle', handle)
  const response = await fetchThis(url.href, { signal, headers: { accept: 'application/json' } })
  const text = await readText(response, ANSWER_BYTES_MAX)
  if (response.status === 400) return undefined
  return didOrNone(fieldsOf(JSON.parse(okay(response, text))).did)
}

async function askDns(handle: string, sources: HandleSources, signal: AbortSignal): Promise<Did | undefined> {
  const url = new URL(sources.dohUrl)
  url.searchParams.set('name', `_atproto.${handle}`)
  url.searchParams.set('type', 'TXT')
  const response = await sources.fetch(url.href, { signal, headers: { accept: 'application/dns-json' } })
  const { Answer } = fieldsOf(JSON.parse(okay(response, await readText(response, ANSWER_BYTES_MAX))))
  const records = (Array.isArray(Answer) ? Answer : []).map(record => String(fieldsOf(record).data))
  const dids = records.map(record => /^"?did=(.*?)"?$/.exec(record)?.[1]).filter(did => did !== undefined)
  return dids.length === 1 ? didOrNone(dids[0]) : undefined // two records contradict each other
}

async function askDomain(
  handle: string,
  fetchThis: typeof fetch,
  signal: AbortSignal,
): Promise<Did | undefined> {
  const url = `https://${handle}/.well-known/atproto-did`
  const response = await fetchThis(url, { signal, redirect: 'error' })
  const text = await readText(response, ANSWER_BYTES_MAX)
  if (response.status === 404) return undefined
  return didOrNone(okay(response, text).split('\n')[0]?.trim())
}

function okay(response: Response, text: string): string {
  if (response.ok) return text
  throw new Error(`answered with status ${response.status}`)
}

function didOrNone(value: unknown): Did | undefined {
  return isDid(value) ? value : undefined
}
