import type { Nsid } from '@atcute/lexicons/syntax'
import { AppError } from '../errors.ts'

/** A full scan of the events of an Ozone that has been there for years is slow; it happens once. */
const timeoutMs = 30_000

export interface Call {
  /** Origin of the service. */
  url: string
  nsid: Nsid
  authorization: string
  /** Of a query. */
  params?: Record<string, string>
  /** Of a procedure. */
  input?: object
  signal: AbortSignal
}

export interface Answer {
  /** `undefined` where there is none. */
  body: unknown
  /** When it was given, by the clock of the other side; `NaN` where it does not say. */
  timeMs: number
}

/** What to look at when a service of the operator's own refuses a call. */
const advice: Record<string, string> = {
  AuthenticationRequired: 'is OZONE_ADMIN_PASSWORD right?',
  BadJwtAudience: 'is OZONE_CHAT_DID right?',
  BadJwtSignature: 'is OZONE_SIGNING_KEY_HEX the key #atproto_label in the DID document of Ozone?',
  Forbidden: 'does PARLEY_MODERATORS of the chat service name OZONE_SERVER_DID?',
  JwtExpired: 'are the clocks of both machines right?',
}

/** Calls a method. @throws UpstreamFailure where it is refused, and what `fetch` throws where there is no answer */
export async function call({ url, nsid, authorization, params, input, signal }: Call): Promise<Answer> {
  const response = await fetch(`${url}/xrpc/${nsid}?${new URLSearchParams(params)}`, {
    headers: { authorization, ...(input && { 'content-type': 'application/json' }) },
    ...(input && { method: 'POST', body: JSON.stringify(input) }),
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  })
  const body = parseJson(await response.text())
  if (response.ok) return { body, timeMs: Date.parse(response.headers.get('date') ?? '') }
  const name = errorName(body)
  const question = advice[name] ?? 'what does its log say?'
  throw new AppError('UpstreamFailure', `${url} refused ${nsid}: ${response.status} ${name}; ${question}`)
}

/** Of the refusal only this is repeated. */
function errorName(body: unknown): string {
  const { error } = (body ?? {}) as { error?: unknown }
  return typeof error === 'string' && /^[A-Za-z]{1,64}$/.test(error) ? error : 'without a name'
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
