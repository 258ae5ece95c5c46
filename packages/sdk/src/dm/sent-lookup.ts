import type { CallOptions } from '../chat/method.ts'
import type { ChatNamespaces } from '../chat/namespaces.ts'
import type { Clock } from '../clock.ts'
import type { ChatError } from '../errors.ts'
import { pages } from '../pages.ts'
import { isOfDefs, type MessageInput, type MessageView } from './views.ts'

/** A send whose answer was lost. */
export interface LostSend {
  convoId: string
  message: MessageInput
  /** When it was begun, by the servers' clock. */
  begunMs: number
  trouble: ChatError
}

/** What sends and their lookups need. */
export interface SendingAccount {
  chat: ChatNamespaces
  clock: Clock
  me: () => string | undefined
}

export interface SentLookupOptions extends SendingAccount {
  /** Whether a message is known to be of another send. */
  isTaken: (messageId: string) => boolean
}

/** How far apart the clocks of two servers may be. */
const SKEW_MS = 5_000
/** A server that was too slow to answer may store the message only now. */
const LOOKS_AFTER_TIMEOUT = 4
const FIRST_PAUSE_MS = 800
/** Pages that are searched: others may have written meanwhile. */
const PAGES_MAX = 3

/** Finds messages that were sent, on services that keep no idempotency keys: by sender, text and time. */
export class SentLookup {
  readonly #options: SentLookupOptions

  constructor(options: SentLookupOptions) {
    this.#options = options
  }

  /**
   * The message; `undefined` where it surely is not there. Throws `trouble` of the send where that cannot be told: then
   * sending again could be sending twice.
   */
  async find(lost: LostSend, options: CallOptions): Promise<MessageView | undefined> {
    const { clock } = this.#options
    const isSlow = lost.trouble.is('timeout')
    for (let look = 1; ; look++) {
      const found = await this.#search(lost, options).catch(() => {
        throw lost.trouble
      })
      if (found !== undefined) return found
      if (!isSlow) return undefined
      if (look === LOOKS_AFTER_TIMEOUT) throw lost.trouble
      await clock.sleep(FIRST_PAUSE_MS * 2 ** (look - 1), options.signal).catch(() => {
        throw lost.trouble
      })
    }
  }

  /** The oldest that it can be, as sends of one conversation go one after another. */
  async #search(lost: LostSend, options: CallOptions): Promise<MessageView | undefined> {
    const { chat } = this.#options
    const { convoId } = lost
    let found: MessageView | undefined
    let read = 0
    for await (const { messages } of pages(cursor =>
      chat.bsky.convo.getMessages({ convoId, cursor }, options),
    )) {
      const views = messages as MessageView[]
      for (const view of views) if (this.#isIt(view, lost)) found = view
      const oldest = views.at(-1)
      read += 1
      if (oldest === undefined || isBefore(oldest, lost)) break
      // It may stand further behind.
      if (read === PAGES_MAX && found === undefined) throw lost.trouble
      if (read === PAGES_MAX) break
    }
    return found
  }

  #isIt(view: MessageView, lost: LostSend): boolean {
    const { me, isTaken } = this.#options
    return (
      isOfDefs(view, 'messageView') &&
      view.sender.did === me() &&
      view.text === lost.message.text &&
      (view.replyTo as { id?: string } | undefined)?.id === lost.message.replyTo?.messageId &&
      !isBefore(view, lost) &&
      !isTaken(view.id)
    )
  }
}

function isBefore(view: MessageView, { begunMs }: LostSend): boolean {
  return Date.parse(view.sentAt) < begunMs - SKEW_MS
}
