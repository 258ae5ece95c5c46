import { ChatError } from '../../errors.ts'
import { type CursorStore, memoryCursorStore } from '../../log/cursor-store.ts'
import { endOfLog } from '../../log/end-of-log.ts'
import { LogPages } from '../../log/log-pages.ts'
import type { PollOptions } from '../../log/log-poller.ts'
import type { LogSource } from '../../log/log-source.ts'
import type { DmContext } from '../context.ts'
import { type Backfill, backfillEvents } from './backfill.ts'
import { type ChatEvent, eventOf } from './chat-event.ts'

/** Where a stream begins, and what it leaves out. */
export interface EventsOptions {
  /**
   * Where the stream goes on: what is kept in a store, or behind a cursor. Default: now. A store is also told how far
   * the stream has come.
   */
  cursor?: CursorStore | string
  /** What to begin with where nothing is kept yet. Default none. */
  backfill?: Backfill
  /** `auto`: an event is done with when the next one is asked for. `manual`: when ack() is called. Default auto. */
  ack?: 'auto' | 'manual'
  /** Whether what this account does itself is told as well. Default true. */
  own?: boolean
  /** Whether it goes on with what is still to come. `false`: it ends with what has happened by now. Default true. */
  follow?: boolean
  /** Only of this conversation. Default all. */
  convoId?: string
  /** `auto`: over the service's own stream where it has one, else by polling. `poll`: by polling. Default auto. */
  transport?: 'auto' | 'poll'
  /** How often is asked where the service does not tell by itself. */
  poll?: PollOptions
  signal?: AbortSignal
}

/** How a stream is doing. In `reconnecting` it has missed nothing yet: it goes on where it was. */
export type StreamState = 'connecting' | 'live' | 'reconnecting' | 'stopped'

/**
 * What happens in the account's conversations, in order, each event at least once: an event that was not done with when
 * the process ended comes again from the same store. Iterate over it once.
 */
export class EventStream implements AsyncIterable<ChatEvent> {
  readonly #context: DmContext
  readonly #source: LogSource
  readonly #options: EventsOptions
  readonly #store: CursorStore
  readonly #closing = new AbortController()
  readonly #onAbort = () => this.close()
  readonly #listeners = new Set<(state: StreamState, why?: Error) => void>()
  #state: StreamState = 'connecting'
  #cursor: string | undefined
  /** What the store was told last. */
  #kept: string | undefined
  /** Messages that were told of before their row of the log came. */
  readonly #told = new Set<string>()

  constructor(context: DmContext, options: EventsOptions) {
    const { log } = context
    this.#context = context
    if (options.follow === false) this.#source = new LogPages(context.chat.bsky.convo)
    else this.#source = options.transport === 'poll' ? log.polled : log
    this.#options = options
    const { cursor, signal } = options
    this.#store = typeof cursor === 'object' ? cursor : memoryCursorStore(cursor)
    if (signal?.aborted) this.#closing.abort()
    signal?.addEventListener('abort', this.#onAbort, { once: true })
  }

  /** How far it has come, done with or not. */
  get cursor(): string | undefined {
    return this.#cursor
  }

  /** Hears of every change of state. What it throws is heard by nobody. Returns what ends the listening. */
  onState(listener: (state: StreamState, why?: Error) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Says that an event, and all before it, are done with. Needed with `ack: 'manual'` only. */
  ack({ rev }: ChatEvent): Promise<void> {
    return this.#store.save(rev)
  }

  /** Ends it; whoever iterates over it comes out of their loop. */
  close(): void {
    this.#closing.abort()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ChatEvent> {
    const { signal } = this.#closing
    const stopListening = this.#source.attach((state, why) => this.#tell(state, why))
    const did = this.#context.account.session()?.did
    try {
      const kept = await this.#store.load()
      let position = kept ?? (await endOfLog(this.#context.chat.bsky.convo, { signal }))
      this.#cursor = position
      if (kept === undefined) yield* this.#backfill(position)
      while (!signal.aborted) {
        const rows = await this.#source.next(position, signal)
        // A log belongs to one account, and so does a cursor.
        if (this.#context.account.session()?.did !== did)
          throw new ChatError('auth/required', 'Another account is logged in than this stream was opened for')
        if (rows.length === 0) return
        for (const row of rows) {
          const event = eventOf(this.#context, row)
          position = row.rev!
          this.#cursor = position
          if (event === undefined || this.#wasTold(event) || !this.#isWanted(event)) continue
          yield event
          await this.#done(position)
          if (signal.aborted) return
        }
        await this.#done(position)
      }
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      stopListening()
      this.#options.signal?.removeEventListener('abort', this.#onAbort)
      this.#tell('stopped')
    }
  }

  /** Keeps how far the stream has come, unless somebody else says so. */
  async #done(position: string): Promise<void> {
    if (this.#options.ack === 'manual' || position === this.#kept) return
    await this.#store.save(position)
    this.#kept = position
  }

  /** Kept as begun only when all of it is done with: what is interrupted begins anew. */
  async *#backfill(position: string): AsyncGenerator<ChatEvent> {
    const { backfill = 'none', ack } = this.#options
    const { signal } = this.#closing
    for (const event of await backfillEvents(this.#context, { backfill, position, signal })) {
      if (event.rev === position) this.#told.add(event.message.id)
      if (this.#isWanted(event)) yield event
      if (signal.aborted) return
    }
    if (ack !== 'manual' || backfill === 'none') await this.#store.save(position)
  }

  #wasTold(event: ChatEvent): boolean {
    return event.type === 'message' && this.#told.delete(event.message.id)
  }

  #isWanted(event: ChatEvent): boolean {
    const { convoId, own = true } = this.#options
    if (convoId !== undefined && event.convoId !== convoId) return false
    return own || !('own' in event && event.own)
  }

  #tell(state: StreamState, why?: Error): void {
    if (state === this.#state) return
    this.#state = state
    for (const listener of this.#listeners) {
      try {
        listener(state, why)
      } catch {
        // Its failures are its own: what comes must not depend on who watches.
      }
    }
  }
}
