import { fieldsOf, readBlob, readText, Unusable } from './body.ts'
import type { Clock } from './clock.ts'
import { Interrupted, withDeadline } from './deadline.ts'
import { originOf } from './did-document.ts'
import { ChatError } from './errors.ts'
import { type ClientHooks, notify } from './hooks.ts'
import type { RateLimits } from './rate-limits.ts'
import { refusalError } from './refusal.ts'
import { askedWaitMs, type RetryPolicy, retryDelayMs } from './retry.ts'
import type { ServerClock } from './server-clock.ts'

export interface Transport {
  fetch: typeof fetch
  clock: Clock
  hooks: ClientHooks
  serverClock: ServerClock
  rateLimits: RateLimits
}

/** How one call behaves; a client's settings unless the call says otherwise. */
export interface Patience {
  /** Limit of each try, the answer's body included. */
  timeoutMs: number
  retry: RetryPolicy | false
  signal?: AbortSignal | undefined
}

export interface WireRequest {
  /** NSID, for errors and hooks. */
  method: string
  url: string
  verb: 'GET' | 'POST'
  headers: Record<string, string>
  body?: string | undefined
  /** Whether the call may be repeated when it is unknown what became of it. Default: true of a GET. */
  repeatable?: boolean
  answer: 'json' | 'blob'
}

/** `body` is undefined where there is none, or where what came cannot be read. */
export interface WireAnswer {
  body: unknown
}

const ANSWER_BYTES_MAX = 16 * 1024 * 1024
const BLOB_BYTES_MAX = 256 * 1024 * 1024
const REFUSAL_BYTES_MAX = 64 * 1024

/** Codes of connections that never came to be: nothing can have been delivered. */
const NEVER_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']

/** One call over HTTP, repeated where that is safe. Every failure is a ChatError. */
export async function exchange(
  transport: Transport,
  request: WireRequest,
  patience: Patience,
): Promise<WireAnswer> {
  const { clock, hooks } = transport
  const { method, repeatable = request.verb === 'GET' } = request
  for (let attempt = 1; ; attempt++) {
    if (patience.signal?.aborted) throw new ChatError('aborted', `${method} was aborted`, { method })
    const startedMs = clock.now()
    notify(hooks, 'onRequest', { method, attempt })
    try {
      const answer = await tryOnce(transport, request, patience)
      notify(hooks, 'onResponse', { method, attempt, durationMs: clock.now() - startedMs })
      return answer
    } catch (thrown) {
      const error = thrown as ChatError
      notify(hooks, 'onResponse', { method, attempt, durationMs: clock.now() - startedMs, error })
      const delayMs = retryDelayMs({ policy: patience.retry, attempt, error, repeatable }, clock)
      if (delayMs === undefined) throw error
      notify(hooks, 'onRetry', { method, attempt, delayMs, error })
      await clock.sleep(delayMs, patience.signal).catch(() => {}) // an abort is found at the top of the loop
    }
  }
}

async function tryOnce(transport: Transport, request: WireRequest, patience: Patience): Promise<WireAnswer> {
  const { method, url, verb, headers, body, answer } = request
  let status = 0
  try {
    return await withDeadline(patience, async signal => {
      const init: RequestInit = {
        method: verb,
        headers: { accept: 'application/json', ...headers },
        // Followed, it would carry a password or a message to another host, or make a send a read that "succeeds".
        redirect: 'manual',
        signal,
      }
      if (body !== undefined) init.body = body
      const response = await transport.fetch(url, init)
      if (!response.redirected) status = response.status
      transport.serverClock.heard(response.headers.get('date'), transport.clock.now())
      transport.rateLimits.heard(response.headers)
      refuseRedirect(response)
      if (!response.ok) throw await readRefusal(response, request, transport)
      if (answer === 'blob') return { body: await readBlob(response, BLOB_BYTES_MAX) }
      const text = await readText(response, ANSWER_BYTES_MAX)
      return { body: text === '' ? undefined : JSON.parse(text) }
    })
  } catch (cause) {
    if (cause instanceof ChatError) throw cause
    if (verb === 'POST' && status >= 200 && status < 300) {
      // It happened: an answer we cannot read must not look like a failure and invite a second send.
      notify(transport.hooks, 'onWarning', {
        method,
        message: 'the call succeeded, but its answer could not be read',
      })
      return { body: undefined }
    }
    throw failureOf(cause, request, status)
  }
}

/** Throws for a redirect. A browser hides the status of one, and a `fetch` of the caller's may have followed it. */
function refuseRedirect({ type, status, redirected, headers, body }: Response): void {
  if (type !== 'opaqueredirect' && !redirected && (status < 300 || status > 399)) return
  body?.cancel().catch(() => {})
  const address = originOf(headers.get('location')) ?? 'another address'
  throw new Unusable(`a redirect to ${address}, which is not followed: if you trust it, give it instead`)
}

/** A ChatError for whatever kept an answer from arriving whole. */
function failureOf(cause: unknown, { method, verb, url }: WireRequest, status: number): ChatError {
  const neverSent = cause instanceof Interrupted ? false : neverConnected(cause)
  const delivered = verb === 'GET' || neverSent ? 'no' : 'unknown'
  if (cause instanceof Interrupted) {
    return cause.by === 'timeout'
      ? new ChatError('timeout', `${method} got no answer in time`, { method, delivered, cause })
      : new ChatError('aborted', `${method} was aborted`, { method, delivered, cause: cause.cause })
  }
  if (cause instanceof SyntaxError || cause instanceof Unusable) {
    const what = cause instanceof Unusable ? cause.message : 'something other than JSON'
    const message = `${method} was answered with ${what}`
    return new ChatError('invalid-response', message, { method, status: status || undefined, delivered })
  }
  return new ChatError('network', `${method} could not reach ${new URL(url).origin}`, {
    method,
    delivered,
    cause,
  })
}

function neverConnected(cause: unknown): boolean {
  const code = (cause as { cause?: { code?: unknown } } | undefined)?.cause?.code
  return typeof code === 'string' && NEVER_CONNECTED.includes(code)
}

async function readRefusal(
  response: Response,
  request: WireRequest,
  { clock, hooks, rateLimits }: Transport,
): Promise<ChatError> {
  const { method, verb } = request
  const text = await readText(response, REFUSAL_BYTES_MAX).catch(() => '')
  const said = fieldsOf(jsonOrNone(text))
  const lexError = typeof said.error === 'string' ? said.error : undefined
  const message = typeof said.message === 'string' ? said.message : undefined
  const retryAfterMs = askedWaitMs(message, response.headers, clock.now())
  const proxy = request.headers['atproto-proxy']
  if (response.status === 429) {
    // A PDS that has nothing left to give speaks for itself.
    const by = proxy === undefined || response.headers.get('ratelimit-remaining') === '0' ? 'pds' : 'chat'
    if (by === 'chat') rateLimits.blocked(clock.now() + (retryAfterMs ?? 0))
    notify(hooks, 'onRateLimit', { method, by, retryAfterMs })
  }
  return refusalError({
    method,
    status: response.status,
    lexError,
    message,
    retryAfterMs,
    changes: verb === 'POST',
    proxy,
  })
}

function jsonOrNone(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
