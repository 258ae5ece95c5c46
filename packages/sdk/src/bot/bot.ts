import type { Client } from '../client.ts'
import { type Clock, systemClock } from '../clock.ts'
import type { Backfill } from '../dm/events/backfill.ts'
import type { ChatEvent, MessageEvent } from '../dm/events/chat-event.ts'
import type { EventStream } from '../dm/events/event-stream.ts'
import { type KeyValueStore, memoryKeyValueStore } from '../key-value-store.ts'
import { type CursorStore, memoryCursorStore } from '../log/cursor-store.ts'
import type { PollOptions } from '../log/log-poller.ts'
import { Acknowledger } from './acknowledger.ts'
import { type AutoAccept, autoAccept } from './auto-accept.ts'
import { Context } from './context.ts'
import { type Filter, type Filters, matches } from './filters.ts'
import { type Job, repeat } from './jobs.ts'
import { Lanes } from './lanes.ts'
import { compose, type Middleware } from './middleware.ts'
import { NoAnswer, Questions } from './questions.ts'

/** What a bot is made of. */
export interface BotOptions<Session> {
  /** Logged in by the time the bot starts. */
  client: Client
  /** Where sessions are kept. Default: nowhere. */
  store?: KeyValueStore
  /** Where it is kept how far the bot has come. Default: nowhere, each start begins now. */
  cursor?: CursorStore
  /** What a session is at first. Default `{}`. */
  initialSession?: () => Session
  /** Conversations that are worked on at one time. Default 16. */
  atOnce?: number
  /** Whether the bot hears itself. Default false. */
  own?: boolean
  /** Whose conversations are accepted as soon as they begin. Default `none`: answering accepts, too. */
  autoAccept?: AutoAccept
  /** Default: the system's. */
  clock?: Clock
}

/** How a bot begins to listen. */
export interface StartOptions {
  /** What to begin with at the first start. Default none. */
  backfill?: Backfill
  /** Whether it goes on with what is still to come. `false`: it answers what has come by now, and ends. Default true. */
  follow?: boolean
  poll?: PollOptions
  signal?: AbortSignal
}

/** What `on`, `hears` and `command` are given: run in turn, each with what is behind it as `next`. */
export type Handler<Event extends ChatEvent, Session> = Middleware<Context<Event, Session>>
/** What `catch` is given; without a context for what a job threw. */
export type ErrorHandler<Session> = (
  error: unknown,
  context: Context<ChatEvent, Session> | undefined,
) => unknown

/** A program that answers. Handlers of one conversation run in order, those of different ones side by side. */
export class Bot<Session = Record<string, unknown>> implements AsyncDisposable {
  readonly client: Client
  readonly #options: BotOptions<Session>
  readonly #store: KeyValueStore
  readonly #clock: Clock
  readonly #lanes: Lanes
  readonly #questions: Questions
  readonly #stopping = new AbortController()
  readonly #jobs: Job[] = []
  #middleware: Handler<ChatEvent, Session>[] = []
  #onError: ErrorHandler<Session> = error => {
    throw error
  }
  #stream: EventStream | undefined
  #failure: { error: unknown } | undefined
  #isStopping = false

  constructor(options: BotOptions<Session>) {
    const { client, store = memoryKeyValueStore(), atOnce = 16, clock = systemClock } = options
    this.client = client
    this.#options = options
    this.#store = store
    this.#clock = clock
    this.#lanes = new Lanes(atOnce)
    this.#questions = new Questions(clock)
  }

  /** For every event, before what is added later. */
  use(...middleware: Handler<ChatEvent, Session>[]): this {
    this.#middleware.push(...middleware)
    return this
  }

  /** For events that the filter, or one of them, lets through. */
  on<F extends Filter>(filter: F | readonly F[], ...middleware: Handler<Filters[F], Session>[]): this {
    const filters: readonly Filter[] = typeof filter === 'string' ? [filter] : filter
    const run = compose(middleware)
    return this.use((context, next) =>
      filters.some(one => matches(one, context.event, this.client.me?.did ?? ''))
        ? run(context as unknown as Context<Filters[F], Session>, next)
        : next(),
    )
  }

  /** For messages whose text is this, in any case, or fits the pattern. */
  hears(pattern: string | RegExp, ...middleware: Handler<MessageEvent, Session>[]): this {
    const run = compose(middleware)
    return this.on('message', (context, next) => {
      const text = context.text.trim()
      if (typeof pattern === 'string')
        return text.toLowerCase() === pattern.toLowerCase() ? run(context, next) : next()
      context.match = text.match(pattern) ?? undefined
      return context.match ? run(context, next) : next()
    })
  }

  /** For messages that begin with `/name` or `!name`; `context.args` are the words behind it. */
  command(name: string | readonly string[], ...middleware: Handler<MessageEvent, Session>[]): this {
    const names = (typeof name === 'string' ? [name] : name).map(one => one.toLowerCase())
    const run = compose(middleware)
    return this.on('message', (context, next) => {
      const [first = '', ...args] = context.text.trim().split(/\s+/)
      if (!/^[/!]./.test(first) || !names.includes(first.slice(1).toLowerCase())) return next()
      context.args = args
      return run(context, next)
    })
  }

  /** For each event the handler that `key` names. Where it names none of them, those added later have their turn. */
  route(
    key: (context: Context<ChatEvent, Session>) => string | undefined,
    routes: Readonly<Record<string, Handler<ChatEvent, Session>>>,
  ): this {
    return this.use((context, next) => {
      const name = key(context)
      const handler = name !== undefined && Object.hasOwn(routes, name) ? routes[name] : undefined
      return handler ? handler(context, next) : next()
    })
  }

  /** Does something again and again while the bot runs, the first time after `everyMs`; never twice at once. */
  every(everyMs: number, run: Job['run']): this {
    this.#jobs.push({ everyMs, run })
    return this
  }

  /**
   * Hears of what handlers and jobs throw; the bot goes on. A job has no context. Without one, the first error ends
   * start().
   */
  catch(handler: ErrorHandler<Session>): this {
    this.#onError = handler
    return this
  }

  /** Has all handlers run for one event, wherever it comes from: a test, a webhook. */
  async handle(event: ChatEvent): Promise<void> {
    if (event.type === 'message' && this.#questions.takes(event)) return
    await this.#run(event, waiting => waiting)
  }

  /** Answers until stop() is called. Throws where the account cannot be listened to any more, or a handler threw. */
  async start({ backfill = 'none', follow = true, poll, signal }: StartOptions = {}): Promise<void> {
    const { cursor = memoryCursorStore(), own = false } = this.#options
    const stop = () => void this.stop()
    if (signal?.aborted) stop()
    signal?.addEventListener('abort', stop, { once: true })
    const acknowledger = new Acknowledger({
      save: rev => cursor.save(rev),
      failed: error => this.#report(error),
    })
    const pace = poll && { poll }
    const stream = this.client.dm.events({ cursor, backfill, follow, ack: 'manual', own, ...pace })
    this.#stream = stream
    if (this.#isStopping) stream.close()
    const ended = new AbortController()
    const jobs = this.#jobs.map(job => this.#repeat(job, ended.signal))
    try {
      await this.#listen(stream, acknowledger)
    } finally {
      ended.abort()
      this.#questions.end()
      signal?.removeEventListener('abort', stop)
    }
    await Promise.race([Promise.all([this.#lanes.idle(), ...jobs]), aborted(this.#stopping.signal)])
    await acknowledger.kept()
    if (this.#failure) throw this.#failure.error
  }

  /** As stop(). */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  async #listen(stream: EventStream, acknowledger: Acknowledger): Promise<void> {
    for await (const event of stream) {
      const done = acknowledger.take(event.rev)
      if (event.type === 'message' && this.#questions.takes(event)) {
        done()
        continue
      }
      await this.#lanes.room()
      this.#lanes.add(event.convoId, async () => {
        if (this.#failure) return
        try {
          await this.#run(event, waiting => this.#lanes.apart(waiting))
          done()
        } catch (error) {
          // Asked anew after the next start.
          if (!this.#isCutOff(error)) this.#fail(error)
        }
      })
    }
  }

  #repeat(job: Job, signal: AbortSignal): Promise<void> {
    return repeat(job, { client: this.client, clock: this.#clock, signal }, error => this.#report(error))
  }

  /** For errors of the bot's own work, of which there is no context. */
  async #report(error: unknown): Promise<void> {
    try {
      await this.#onError(error, undefined)
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Ends the bot with an error that nobody caught. */
  #fail(error: unknown): void {
    this.#failure ??= { error }
    this.#stream?.close()
  }

  /** Takes no new events, and gives those under way `drainMs` (default 10 000) to end. */
  async stop({ drainMs = 10_000 }: { drainMs?: number } = {}): Promise<void> {
    this.#isStopping = true
    this.#stream?.close()
    this.#questions.end()
    const drained = new AbortController()
    await Promise.race([this.#lanes.idle(), this.#clock.sleep(drainMs, drained.signal).catch(() => {})])
    drained.abort()
    this.#stopping.abort()
  }

  async #run(event: ChatEvent, apart: <T>(waiting: Promise<T>) => Promise<T>): Promise<void> {
    const { client } = this
    const key = sessionKey(event)
    const kept = (await this.#store.get(key)) as Session | undefined
    const session = kept ?? this.#options.initialSession?.() ?? ({} as Session)
    const before = JSON.stringify(session)
    const context = new Context<ChatEvent, Session>({
      client,
      event,
      session,
      questions: this.#questions,
      apart,
      signal: this.#stopping.signal,
    })
    try {
      await autoAccept(client, event, this.#options.autoAccept ?? 'none')
      await compose(this.#middleware)(context, async () => {})
    } catch (error) {
      if (this.#isCutOff(error)) throw error
      await this.#onError(error, context)
    }
    if (JSON.stringify(context.session) !== before) await this.#store.set(key, context.session)
  }

  /** Whether a handler waited for an answer when the bot was told to stop. */
  #isCutOff(error: unknown): boolean {
    return this.#isStopping && error instanceof NoAnswer
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** One session for each person in each conversation. */
function sessionKey(event: ChatEvent): string {
  const did = event.type === 'message' ? event.message.raw.sender.did : ''
  return `${event.convoId} ${did}`
}
