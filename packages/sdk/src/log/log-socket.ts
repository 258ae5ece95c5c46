import { safeParse } from '@atcute/lexicons/validations'
import { mainSchema } from '@parley/lexicons/chat/parley/convo/subscribeLog'
import type { Clock } from '../clock.ts'
import { waitFor } from '../deadline.ts'
import type { WebSocketLike } from '../web-socket.ts'
import type { LogRow } from './log-row.ts'

/** The service says something every 35 s at least. */
const SILENCE_MS_MAX = 90_000

/** No service puts more into a frame: a hundred rows, whose messages have 10 000 bytes each. */
const FRAME_CHARS_MAX = 4 * 1024 * 1024

/** Rows that are kept for readers who are not as far; those behind them are asked for one page after another. */
const ROWS_KEPT_MAX = 1000

/** A connection to the service's stream of the log, and what came over it. */
export class LogSocket {
  readonly #socket: WebSocketLike
  readonly #clock: Clock
  readonly #closing = new AbortController()
  readonly #waiting: (() => void)[] = []
  #rows: LogRow[] = []
  /** What comes behind this is here, or will come. */
  #from: string
  #heardAtMs: number | undefined

  /** `from`: the cursor that it was opened with. */
  constructor(socket: WebSocketLike, { from, clock }: { from: string; clock: Clock }) {
    this.#socket = socket
    this.#from = from
    this.#clock = clock
    socket.addEventListener('message', ({ data }) => this.#hear(data))
    socket.addEventListener('close', () => this.close())
    socket.addEventListener('error', () => this.close())
    void this.#watch()
  }

  get isOver(): boolean {
    return this.#closing.signal.aborted
  }

  /** Whether the service has said something, ever. */
  get isOpen(): boolean {
    return this.#heardAtMs !== undefined && !this.isOver
  }

  /** Whether it has, or will have, all rows behind a cursor. */
  covers(after: string): boolean {
    return after >= this.#from
  }

  /** Resolves when something was said, or it is over. */
  async opened(): Promise<void> {
    while (this.#heardAtMs === undefined && !this.isOver) await this.#change()
  }

  /** Rows behind a cursor, once there are any; `undefined` when none will come, or some have gone by. */
  async next(after: string, signal: AbortSignal): Promise<LogRow[] | undefined> {
    for (;;) {
      if (!this.covers(after)) return undefined
      const begin = this.#rows.findLastIndex(({ rev }) => rev! <= after) + 1
      if (begin < this.#rows.length) return this.#rows.slice(begin)
      if (this.isOver) return undefined
      await this.#change(signal)
    }
  }

  close(): void {
    if (this.isOver) return
    this.#closing.abort()
    this.#socket.close()
    this.#wake()
  }

  #hear(data: unknown): void {
    if (this.isOver) return
    this.#heardAtMs = this.#clock.now()
    const rows = rowsOf(data)
    if (rows === undefined) this.close()
    else this.#keep(rows)
  }

  #keep(rows: readonly LogRow[]): void {
    this.#rows = this.#rows.concat(rows)
    const tooMany = this.#rows.length - ROWS_KEPT_MAX
    if (tooMany > 0) this.#from = this.#rows.splice(0, tooMany).at(-1)!.rev!
    this.#wake()
  }

  /** Who is silent for long has gone: a connection may end without anybody being told. */
  async #watch(): Promise<void> {
    const { signal } = this.#closing
    let sinceMs = this.#clock.now()
    while (!signal.aborted) {
      await this.#clock.sleep(SILENCE_MS_MAX / 3, signal).catch(() => {})
      sinceMs = this.#heardAtMs ?? sinceMs
      if (this.#clock.now() - sinceMs > SILENCE_MS_MAX) this.close()
    }
  }

  /** Resolves when something was said, or it is over. Throws `aborted`. */
  #change(signal?: AbortSignal): Promise<void> {
    const change = new Promise<void>(resolve => this.#waiting.push(resolve))
    return waitFor(change, signal)
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }
}

/** `undefined` where it is nothing that the lexicon knows, or an error: which one, nobody needs to know, who polls then. */
function rowsOf(data: unknown): LogRow[] | undefined {
  if (typeof data !== 'string' || data.length > FRAME_CHARS_MAX) return undefined
  try {
    const { $type, ...message } = JSON.parse(data)
    const frame = safeParse(mainSchema.message, { $type: `${mainSchema.nsid}${$type}`, ...message })
    return frame.ok ? (frame.value.logs as LogRow[]).filter(({ rev }) => rev !== undefined) : undefined
  } catch {
    return undefined
  }
}
