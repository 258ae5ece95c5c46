import { type Fetch, FetchResponseError, safeFetchWrap } from '@atproto-labs/fetch-node'

export type { Fetch }

/** Longer than any healthy host takes, shorter than the patience of a client. */
const timeoutMs = 3_000

/** A page of 100 records or of 25 detailed profiles is under 300 KB. */
const pageBytesMax = 1024 * 1024

/**
 * A `fetch` bounded in time and size, body included. Redirects must be refused by the caller (`redirect: 'error'`).
 * Unless `allowPrivateNetwork`, it reaches only public addresses, by https on the standard port: for addresses that
 * other people choose, such as a did:web or the PDS named by a DID document.
 */
export function boundedFetch(options: {
  allowPrivateNetwork: boolean
  /** Default: 1 MB. */
  responseBytesMax?: number
  /** Default: the global one. */
  fetch?: Fetch | undefined
}): Fetch {
  return safeFetchWrap({
    fetch: options.fetch ?? globalThis.fetch,
    ssrfProtection: !options.allowPrivateNetwork,
    timeout: timeoutMs,
    responseMaxSize: options.responseBytesMax ?? pageBytesMax,
  })
}

export interface JsonAnswer {
  status: number
  headers: Headers
  /** `undefined` where the body is not JSON, and where it is too large and the status a refusal. */
  body: unknown
}

/** An answer, and no refusal, beyond `responseBytesMax`: ask for less, or do without. */
export class ResponseTooLargeError extends Error {
  override name = 'ResponseTooLargeError'
}

/** GETs `url`. Throws where no answer came, and `ResponseTooLargeError`. */
export async function getJson(fetch: Fetch, url: URL, signal?: AbortSignal): Promise<JsonAnswer> {
  const init: RequestInit = { redirect: 'error', headers: { accept: 'application/json' } }
  let response: Response | undefined
  try {
    response = await fetch(url, signal ? { ...init, signal } : init)
    return answerOf(response, parseJson(await response.text()))
  } catch (error) {
    if (!isTooLarge(error)) throw error
    // A length that the host declares is refused before there is a response to hold.
    const cut = error instanceof FetchResponseError ? error.response : response
    if (cut !== undefined && cut.status >= 400) return answerOf(cut, undefined)
    throw new ResponseTooLargeError(`${url.host} answered with more than is read`)
  }
}

function answerOf({ status, headers }: Response, body: unknown): JsonAnswer {
  return { status, headers, body }
}

/** The fetch that we wrap has no name for it. */
function isTooLarge(error: unknown): error is Error {
  return error instanceof Error && error.message === 'Response too large'
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
