import type { Clock } from '../clock.ts'
import type { ConnectLog } from './connect-log.ts'
import type { LogPoller, PollOptions } from './log-poller.ts'
import type { LogRow } from './log-row.ts'
import type { LogSocket } from './log-socket.ts'
import type { LogSource, SourceListener, SourceState } from './log-source.ts'

/** Between attempts to open the stream while the log is polled; doubled each time. */
const PAUSE_MS_MIN = 1000
const PAUSE_MS_MAX = 5 * 60_000

/** Where there is no stream, or no WebSocket, there may be one after an update of the service. */
const NONE_MS = 60 * 60_000

/** How long an attempt is waited for before the log is polled meanwhile. */
const GRACE_MS = 2000

/** A connection that ends sooner did not serve: opening another at once would only be a flood. */
const SERVED_MS_MIN = 30_000

/** When a service ends all its streams, those who had one come back within this time. */
const COMING_BACK_MS = 2000

/** What a live log is made of. */
export interface LiveLogParts {
  poller: LogPoller
  connect: ConnectLog
  clock: Clock
  /** DID of the account that is logged in. */
  me: () => string | undefined
}

/**
 * The account's log as it comes: over the service's own stream where it has one, else by polling. What ends one or
 * stands behind what it has is had from the other, so that no row is missed and none has to be waited for.
 */
export class LiveLog implements LogSource {
  readonly polled: LogPoller
  readonly #parts: LiveLogParts
  readonly #listeners = new Set<SourceListener>()
  /** Wakes those who poll when there is a connection. */
  readonly #polling = new Set<() => void>()
  #state: SourceState = 'connecting'
  #socket: LogSocket | undefined
  /** Whose connection it is, or is going to be. */
  #did: string | undefined
  #attempt: { over: Promise<void>; graceUntilMs: number } | undefined
  #openedAtMs = 0
  #pauseMs = 0
  #tryAgainAtMs = Number.NEGATIVE_INFINITY

  constructor(parts: LiveLogParts) {
    this.polled = parts.poller
    this.#parts = parts
    parts.poller.attach((state, why) => {
      if (!this.#socket) this.#become(state, why)
    })
  }

  setPace(pace: PollOptions): void {
    this.polled.setPace(pace)
  }

  /** The connection is kept for as long as somebody is attached. */
  attach(listener: SourceListener): () => void {
    this.#listeners.add(listener)
    if (this.#state !== 'connecting') listener(this.#state)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.disconnect()
    }
  }

  /** Lets go of the connection, and of one that is being opened: whoever is logged in, it is not this account any more. */
  disconnect(): void {
    this.#socket?.close()
    this.#socket = undefined
    this.#attempt = undefined
    this.#tryAgainAtMs = Number.NEGATIVE_INFINITY
    this.#pauseMs = 0
    this.#state = 'connecting'
  }

  async next(after: string, signal: AbortSignal): Promise<LogRow[]> {
    for (;;) {
      if (this.#did !== this.#parts.me()) this.disconnect()
      this.#did = this.#parts.me()
      if (!this.#socket) await this.#tryOpen(after, signal)
      const socket = this.#socket
      const rows = socket?.covers(after) ? await socket.next(after, signal) : await this.#poll(after, signal)
      if (rows !== undefined) return rows
      if (socket?.isOver) this.#lost(socket)
    }
  }

  /** Begins an attempt where it is time for one, and waits for it a little. */
  async #tryOpen(after: string, signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts
    const attempt = this.#attemptFrom(after)
    const graceMs = (attempt?.graceUntilMs ?? 0) - clock.now()
    if (attempt === undefined || graceMs <= 0) return
    const settled = new AbortController()
    const grace = clock.sleep(graceMs, AbortSignal.any([signal, settled.signal])).catch(() => {})
    await Promise.race([attempt.over, grace])
    settled.abort()
  }

  /** The attempt under way, or a new one where it is time for it. */
  #attemptFrom(after: string): { over: Promise<void>; graceUntilMs: number } | undefined {
    const { clock } = this.#parts
    if (this.#attempt || this.#socket || clock.now() < this.#tryAgainAtMs) return this.#attempt
    const attempt = { over: Promise.resolve(), graceUntilMs: clock.now() + GRACE_MS }
    this.#attempt = attempt
    attempt.over = this.#open(after, () => this.#attempt === attempt).finally(() => {
      if (this.#attempt === attempt) this.#attempt = undefined
    })
    return attempt
  }

  /** `isWanted`: whether nobody has let go of it meanwhile. */
  async #open(after: string, isWanted: () => boolean): Promise<void> {
    const { connect, clock, me } = this.#parts
    const did = me()
    try {
      const socket = await connect(after)
      if (!isWanted() || this.#listeners.size === 0 || me() !== did) return socket?.close()
      if (socket === undefined) return this.#wait(NONE_MS)
      this.#socket = socket
      this.#openedAtMs = clock.now()
      this.#become('live')
      for (const wake of [...this.#polling]) wake()
    } catch {
      // Polling goes on, and says what is wrong where it is more than the stream.
      if (isWanted()) this.#waitLonger()
    }
  }

  #lost(socket: LogSocket): void {
    if (this.#socket !== socket) return
    const { clock } = this.#parts
    this.#socket = undefined
    const servedMs = clock.now() - this.#openedAtMs
    if (servedMs < SERVED_MS_MIN) {
      this.#waitLonger()
    } else {
      this.#pauseMs = 0
      this.#wait(COMING_BACK_MS * clock.random())
    }
  }

  #waitLonger(): void {
    this.#pauseMs = Math.min(Math.max(PAUSE_MS_MIN, this.#pauseMs * 2), PAUSE_MS_MAX)
    this.#wait(this.#pauseMs * (0.9 + this.#parts.clock.random() / 5))
  }

  #wait(ms: number): void {
    this.#tryAgainAtMs = this.#parts.clock.now() + ms
  }

  /** `undefined` when there is a connection. */
  async #poll(after: string, signal: AbortSignal): Promise<LogRow[] | undefined> {
    const connected = new AbortController()
    const over = AbortSignal.any([signal, connected.signal])
    const wake = () => connected.abort()
    this.#polling.add(wake)
    void this.#openWhile(over, after)
    try {
      return await this.polled.next(after, over)
    } catch (error) {
      if (signal.aborted || !connected.signal.aborted) throw error
      return undefined
    } finally {
      this.#polling.delete(wake)
      connected.abort()
    }
  }

  /** Goes on trying to open the stream. */
  async #openWhile(over: AbortSignal, after: string): Promise<void> {
    const { clock } = this.#parts
    while (!over.aborted && !this.#socket) {
      await this.#attemptFrom(after)?.over
      await clock.sleep(Math.max(PAUSE_MS_MIN, this.#tryAgainAtMs - clock.now()), over).catch(() => {})
    }
  }

  #become(state: SourceState, why?: Error): void {
    if (state === this.#state) return
    this.#state = state
    for (const listener of this.#listeners) listener(state, why)
  }
}
