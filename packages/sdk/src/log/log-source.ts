import type { LogRow } from './log-row.ts'

/** How far a source of events is with its account's log. */
export type SourceState = 'connecting' | 'live' | 'reconnecting'

/** Hears how a source is, as often as it is looked at: perhaps the same twice. */
export type SourceListener = (state: SourceState, why?: Error) => void

export interface LogSource {
  /**
   * Rows behind the cursor `after`, in order, as soon as there are any; none where none will come. Rejects with `aborted` when `signal` says so, and
   * with what cannot be mended by waiting, such as a login that is over.
   */
  next(after: string, signal: AbortSignal): Promise<LogRow[]>
  /** Is told how it is, now and later, and is what the source runs for. Returns what ends both. */
  attach(listener: SourceListener): () => void
}
