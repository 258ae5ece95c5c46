import type { SendMessageInput } from '../chat/convo.ts'
import type { CallOptions } from '../chat/method.ts'
import { ChatError } from '../errors.ts'
import { type LostSend, type SendingAccount, SentLookup } from './sent-lookup.ts'
import type { MessageInput, MessageView } from './views.ts'

/** How one send behaves. */
export interface SendOptions extends CallOptions {
  /** Sends under one key are one message, on services that keep keys. Default: a key of its own for each send. */
  idempotencyKey?: string
  /**
   * When this very send may have been begun by a process that ended before it knew what became of it. On services that keep
   * no keys it is looked for first.
   */
  begunAt?: Date
}

export interface OutboxOptions extends SendingAccount {
  /** Milliseconds by which the servers' clock is ahead of ours, as far as is known. */
  aheadMs: () => number
  /** Whether the service keeps idempotency keys; `undefined` while it cannot be asked. */
  keepsKeys: () => Promise<boolean | undefined>
}

/** Tries of a send, as long as it is unknown what became of the last one. */
const ATTEMPTS_MAX = 5
const FIRST_PAUSE_MS = 400
const STORED_WITHIN_MS = 60_000
/** Own messages that are remembered, so that no other send takes one of them for its own. */
const OWN_MAX = 5_000

/**
 * Sends, and finds out what became of a send whose answer was lost: where the service keeps idempotency keys by sending
 * it again under its key, elsewhere by reading the conversation. Messages into one conversation go one after another,
 * in the order of the calls.
 */
export class Outbox {
  readonly #options: OutboxOptions
  readonly #lookup: SentLookup
  /** The end of the last send into each conversation that has one under way. */
  readonly #ends = new Map<string, Promise<void>>()
  readonly #own = new Set<string>()

  constructor(options: OutboxOptions) {
    this.#options = options
    this.#lookup = new SentLookup({ ...options, isTaken: id => this.#own.has(id) })
  }

  send(convoId: string, message: MessageInput, options: SendOptions = {}): Promise<MessageView> {
    const before = this.#ends.get(convoId)
    const sent = before
      ? before.then(() => this.#deliver(convoId, message, options))
      : this.#deliver(convoId, message, options)
    const end = sent.then(
      () => {},
      () => {},
    )
    this.#ends.set(convoId, end)
    void end.then(() => {
      if (this.#ends.get(convoId) === end) this.#ends.delete(convoId)
    })
    return sent
  }

  async #deliver(convoId: string, message: MessageInput, options: SendOptions): Promise<MessageView> {
    const { clock, aheadMs, keepsKeys } = this.#options
    const { idempotencyKey = crypto.randomUUID(), begunAt, ...callOptions } = options
    const input: SendMessageInput = { convoId, message, idempotencyKey }
    const begunMs = (begunAt?.getTime() ?? clock.now()) + aheadMs()
    if (begunAt && (await keepsKeys()) === false) {
      // A server that has not stored it within a minute will not any more.
      const code = clock.now() - begunAt.getTime() > STORED_WITHIN_MS ? 'network' : 'timeout'
      const trouble = new ChatError(code, 'An earlier process may have sent this', { delivered: 'unknown' })
      const found = await this.#lookup.find({ convoId, message, begunMs, trouble }, callOptions)
      if (found !== undefined) return this.#keep(found)
    }
    for (let attempt = 1; ; attempt++) {
      const trouble = await this.#try(input, callOptions)
      if (!(trouble instanceof ChatError)) return this.#keep(trouble)
      if (trouble.delivered !== 'unknown' || trouble.is('aborted') || options.retry === false) throw trouble
      await clock.sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1), options.signal).catch(() => {
        throw trouble
      })
      const isKept = await keepsKeys()
      if (isKept === false) {
        const lost: LostSend = { convoId, message, begunMs, trouble }
        const found = await this.#lookup.find(lost, callOptions)
        if (found !== undefined) return this.#keep(found)
      }
      if (attempt === ATTEMPTS_MAX) throw trouble
    }
  }

  /** The message, or what went wrong. An accepted send whose answer cannot be read counts as lost. */
  async #try(input: SendMessageInput, options: CallOptions): Promise<MessageView | ChatError> {
    try {
      const view: Partial<MessageView> = await this.#options.chat.bsky.convo.sendMessage(input, options)
      if (view.id !== undefined) return view as MessageView
      const method = 'chat.bsky.convo.sendMessage'
      return new ChatError('invalid-response', `${method} was answered with something unreadable`, {
        method,
        delivered: 'unknown',
      })
    } catch (error) {
      if (error instanceof ChatError) return error
      throw error
    }
  }

  #keep(view: MessageView): MessageView {
    this.#own.add(view.id)
    for (const id of this.#own) {
      if (this.#own.size <= OWN_MAX) break
      this.#own.delete(id)
    }
    return view
  }
}
