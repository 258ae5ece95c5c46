import { type Fetch, safeFetchWrap } from '@atproto-labs/fetch-node'

export type { Fetch }

/** Longer than any healthy host takes, shorter than the patience of a client. */
const timeoutMs = 3_000

/** A page of 100 records or of 25 detailed profiles is under 300 KB. */
const responseBytesMax = 1024 * 1024

/**
 * A `fetch` bounded in time and size, body included. Redirects must be refused by the caller (`redirect: 'error'`).
 * Unless `allowPrivateNetwork`, it reaches only public addresses, by https on the standard port: for addresses that
 * other people choose, such as a did:web or the PDS named by a DID document.
 */
export function boundedFetch(options: {
  allowPrivateNetwork: boolean
  /** Default: the global one. */
  fetch?: Fetch | undefined
}): Fetch {
  return safeFetchWrap({
    fetch: options.fetch ?? globalThis.fetch,
    ssrfProtection: !options.allowPrivateNetwork,
    timeout: timeoutMs,
    responseMaxSize: responseBytesMax,
  })
}

export interface JsonAnswer {
  status: number
  headers: Headers
  /** `undefined` where the body is not JSON. */
  body: unknown
}

/** GETs `url`. Throws only where no answer came. */
export async function getJson(fetch: Fetch, url: URL, signal?: AbortSignal): Promise<JsonAnswer> {
  const init: RequestInit = { redirect: 'error', headers: { accept: 'application/json' } }
  const response = await fetch(url, signal ? { ...init, signal } : init)
  return { status: response.status, headers: response.headers, body: parseJson(await response.text()) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
