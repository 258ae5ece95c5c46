import type { ChatError } from './errors.ts'

/** Watches calls go by. Shared by every clone of a client; never given tokens, parameters or message text. */
export interface ClientHooks {
  /** Before each try. `method` is an NSID, `attempt` counts from 1. */
  onRequest?(event: { method: string; attempt: number }): void
  /** After each try, with the error if it failed. */
  onResponse?(event: { method: string; attempt: number; durationMs: number; error?: ChatError }): void
  /** Before waiting for the next try. */
  onRetry?(event: { method: string; attempt: number; delayMs: number; error: ChatError }): void
  /**
   * A 429: of the PDS, or of the service behind it. `retryAfterMs`: for how long, where that was said. See also
   * `client.rateLimit`.
   */
  onRateLimit?(event: { method: string; by: 'pds' | 'chat'; retryAfterMs: number | undefined }): void
  /** Something is odd but the call goes on, such as an answer to a send that does not fit the lexicon. */
  onWarning?(event: { method: string; message: string }): void
}

/** Tells a hook. One that throws is not heard: watching must not change what becomes of a call. */
export function notify<Name extends keyof ClientHooks>(
  hooks: ClientHooks,
  name: Name,
  event: Parameters<NonNullable<ClientHooks[Name]>>[0],
): void {
  try {
    ;(hooks[name] as ((event: unknown) => void) | undefined)?.call(hooks, event)
  } catch {
    // see above
  }
}
