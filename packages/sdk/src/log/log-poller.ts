import type { ConvoMethods } from '../chat/convo.ts'
import type { Clock } from '../clock.ts'
import { ChatError } from '../errors.ts'
import type { LogRow } from './log-row.ts'
import type { LogSource, SourceListener, SourceState } from './log-source.ts'

/** How often it is asked for events. */
export interface PollOptions {
  /** Pause after something has happened. Default 1000. */
  activeMs?: number
  /** The longest pause, while nothing happens. Default 30 000. */
  idleMs?: number
}

export interface LogPollerOptions {
  convo: Pick<ConvoMethods, 'getLog'>
  clock: Clock
  /** DID of the account that is logged in. */
  me: () => string | undefined
}

interface Waiter {
  after: string
  resolve: (rows: LogRow[]) => void
  reject: (error: unknown) => void
}

const slowingDown = 1.5

/** A page of so many rows is one of several: the next is asked for at once. */
const MANY_ROWS = 50

/**
 * Asks for the account's log again and again while somebody waits for it: quickly while things happen, more slowly the
 * longer they do not. However many wait, one asks.
 */
export class LogPoller implements LogSource {
  readonly #options: LogPollerOptions
  readonly #waiters = new Set<Waiter>()
  readonly #listeners = new Set<SourceListener>()
  #pace: Required<PollOptions> = { activeMs: 1000, idleMs: 30_000 }
  #pauseMs = 0
  #askedAtMs = Number.NEGATIVE_INFINITY
  #isPolling = false
  #hurry = new AbortController()

  constructor(options: LogPollerOptions) {
    this.#options = options
  }

  /** The last one who says so decides for all. */
  setPace({ activeMs, idleMs }: PollOptions): void {
    this.#pace = { activeMs: activeMs ?? this.#pace.activeMs, idleMs: idleMs ?? this.#pace.idleMs }
  }

  attach(listener: SourceListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  next(after: string, signal: AbortSignal): Promise<LogRow[]> {
    return new Promise((resolve, reject) => {
      const giveUp = () => settle(() => reject(new ChatError('aborted', 'the stream of events was closed')))
      const settle = (how: () => void) => {
        signal.removeEventListener('abort', giveUp)
        this.#waiters.delete(waiter)
        // Nobody is left to ask for: the pause need not be waited out.
        if (this.#waiters.size === 0) this.#hurry.abort()
        how()
      }
      const waiter: Waiter = {
        after,
        resolve: rows => settle(() => resolve(rows)),
        reject: error => settle(() => reject(error)),
      }
      if (signal.aborted) return giveUp()
      signal.addEventListener('abort', giveUp, { once: true })
      this.#waiters.add(waiter)
      if (!this.#isPolling) void this.#poll()
    })
  }

  async #poll(): Promise<void> {
    this.#isPolling = true
    while (this.#waiters.size > 0) {
      await this.#pause()
      // Whoever is furthest behind is asked for; those ahead take what is new to them.
      const [after] = [...this.#waiters].map(waiter => waiter.after).sort()
      if (after !== undefined) await this.#ask(after)
    }
    this.#isPolling = false
  }

  async #ask(cursor: string): Promise<void> {
    const { activeMs, idleMs } = this.#pace
    const { clock, convo, me } = this.#options
    this.#askedAtMs = clock.now()
    const did = me()
    try {
      const { logs } = await convo.getLog({ cursor })
      // Of an account that is not logged in any more.
      if (me() !== did) return
      const rows = logs as LogRow[]
      this.#tell('live')
      if (rows.length >= MANY_ROWS) this.#pauseMs = 0
      else if (rows.length > 0) this.#pauseMs = activeMs
      else this.#pauseMs = Math.min(Math.max(activeMs, this.#pauseMs * slowingDown), idleMs)
      for (const waiter of [...this.#waiters]) {
        // Came while this was asked for, and is further behind.
        if (waiter.after < cursor) continue
        const fresh = rows.filter(({ rev }) => rev !== undefined && rev > waiter.after)
        if (fresh.length > 0) waiter.resolve(fresh)
      }
    } catch (error) {
      if (!(error instanceof ChatError && error.retryable)) {
        for (const waiter of [...this.#waiters]) waiter.reject(error)
        return
      }
      this.#tell('reconnecting', error)
      const patience = Math.min(Math.max(activeMs, this.#pauseMs * 2), idleMs)
      this.#pauseMs = Math.max(error.retryAfterMs ?? 0, patience)
    }
  }

  async #pause(): Promise<void> {
    const { clock } = this.#options
    const sinceMs = clock.now() - this.#askedAtMs
    const leftMs = this.#pauseMs * (0.9 + clock.random() / 5) - Math.max(0, sinceMs)
    if (leftMs <= 0) return
    this.#hurry = new AbortController()
    await clock.sleep(leftMs, this.#hurry.signal).catch(() => {})
  }

  #tell(state: SourceState, why?: Error): void {
    for (const listener of this.#listeners) listener(state, why)
  }
}
