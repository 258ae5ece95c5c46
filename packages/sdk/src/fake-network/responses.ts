import type { Fault } from './faults.ts'

/** A refusal as an XRPC server says it. */
export function refuse(status: number, error: string, message: string): Response {
  return Response.json({ error, message }, { status })
}

/** What a caller sees of a fault. */
export async function spoil(fault: Fault, signal: AbortSignal): Promise<Response> {
  const { status = 502, error = nameOf(status), cut, hang } = fault
  if (cut)
    throw new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) })
  if (hang) return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  return refuse(status, error, 'A fault that was asked for')
}

function nameOf(status: number): string {
  if (status === 429) return 'RateLimitExceeded'
  return status >= 500 ? 'UpstreamFailure' : 'InvalidRequest'
}
