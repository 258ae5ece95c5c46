import type { Clock } from '../clock.ts'
import type { LogRow } from './chat-event.ts'
import type { ConnectLog } from './connect-log.ts'
import type { LogPoller, PollOptions } from './log-poller.ts'
import type { LogSocket } from './log-socket.ts'
import type { LogSource, SourceState } from './log-source.ts'

/** Between attempts to open the stream while the log is polled; doubled each time. */
const PAUSE_MS_MIN = 1000
const PAUSE_MS_MAX = 5 * 60_000

/** Where there is no stream, or no WebSocket, there may be one after an update of the service. */
const NONE_MS = 60 * 60_000

/** A connection that ends sooner did not serve: opening another at once would only be a flood. */
const SERVED_MS_MIN = 30_000

/**
 * The account's log as it comes: over the service's own stream where it has one, else by polling. What ends one or
 * stands behind what it has is had from the other, so that no row is missed and none has to be waited for.
 */
export class LiveLog implements LogSource {
  readonly polled: LogPoller
  readonly #connect: ConnectLog
  readonly #clock: Clock
  readonly #listeners = new Set<(state: SourceState, why?: Error) => void>()
  #state: SourceState = 'connecting'
  #socket: LogSocket | undefined
  #opening: Promise<void> | undefined
  #openedAtMs = 0
  #pauseMs = 0
  #tryAgainAtMs = Number.NEGATIVE_INFINITY

  constructor({ poller, connect, clock }: { poller: LogPoller; connect: ConnectLog; clock: Clock }) {
    this.polled = poller
    this.#connect = connect
    this.#clock = clock
    poller.attach((state, why) => {
      if (!this.#socket) this.#become(state, why)
    })
  }

  setPace(pace: PollOptions): void {
    this.polled.setPace(pace)
  }

  /** The connection is kept for as long as somebody is attached. */
  attach(listener: (state: SourceState, why?: Error) => void): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.disconnect()
    }
  }

  /** Lets go of the connection: whoever is logged in, it is not this account any more. */
  disconnect(): void {
    this.#socket?.close()
    this.#socket = undefined
    this.#tryAgainAtMs = Number.NEGATIVE_INFINITY
    this.#pauseMs = 0
  }

  async next(after: string, signal: AbortSignal): Promise<LogRow[]> {
    for (;;) {
      const socket = await this.#socketFrom(after)
      const rows = socket?.covers(after) ? await socket.next(after, signal) : await this.#poll(after, signal)
      if (rows !== undefined) return rows
      if (socket?.isOver) this.#lost(socket)
    }
  }

  /** The connection there is, or one that begins behind `after`. */
  async #socketFrom(after: string): Promise<LogSocket | undefined> {
    if (!this.#socket && this.#clock.now() >= this.#tryAgainAtMs) {
      this.#opening ??= this.#open(after).finally(() => {
        this.#opening = undefined
      })
      await this.#opening
    }
    return this.#socket
  }

  async #open(after: string): Promise<void> {
    try {
      const socket = await this.#connect(after)
      if (socket === undefined) return this.#wait(NONE_MS)
      if (this.#listeners.size === 0) return socket.close()
      this.#socket = socket
      this.#openedAtMs = this.#clock.now()
      this.#become('live')
    } catch {
      // Polling says what is wrong, where it is more than the stream.
      this.#waitLonger()
    }
  }

  #lost(socket: LogSocket): void {
    if (this.#socket !== socket) return
    this.#socket = undefined
    const servedMs = this.#clock.now() - this.#openedAtMs
    if (servedMs >= SERVED_MS_MIN) this.#pauseMs = 0
    else this.#waitLonger()
  }

  #waitLonger(): void {
    this.#pauseMs = Math.min(Math.max(PAUSE_MS_MIN, this.#pauseMs * 2), PAUSE_MS_MAX)
    this.#wait(this.#pauseMs * (0.9 + this.#clock.random() / 5))
  }

  #wait(ms: number): void {
    this.#tryAgainAtMs = this.#clock.now() + ms
  }

  /** `undefined` when it is time to look for the stream again. */
  async #poll(after: string, signal: AbortSignal): Promise<LogRow[] | undefined> {
    const waited = new AbortController()
    const over = AbortSignal.any([signal, waited.signal])
    if (!this.#socket) {
      const ms = Math.max(0, this.#tryAgainAtMs - this.#clock.now())
      this.#clock.sleep(ms, over).then(
        () => waited.abort(),
        () => {},
      )
    }
    try {
      return await this.polled.next(after, over)
    } catch (error) {
      if (signal.aborted || !waited.signal.aborted) throw error
      return undefined
    } finally {
      waited.abort()
    }
  }

  #become(state: SourceState, why?: Error): void {
    if (state === this.#state) return
    this.#state = state
    for (const listener of this.#listeners) listener(state, why)
  }
}
