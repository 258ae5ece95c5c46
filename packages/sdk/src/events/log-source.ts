import type { LogRow } from './chat-event.ts'

/** How far a source of events is with its account's log. */
export type SourceState = 'connecting' | 'live' | 'reconnecting'

export interface LogSource {
  /**
   * Rows behind the cursor `after`, in order, as soon as there are any. Rejects with `aborted` when `signal` says so, and
   * with what cannot be mended by waiting, such as a login that is over.
   */
  next(after: string, signal: AbortSignal): Promise<LogRow[]>
  /** Hears of every change of state, and is what the source runs for. Returns what ends both. */
  attach(listener: (state: SourceState, why?: Error) => void): () => void
}
