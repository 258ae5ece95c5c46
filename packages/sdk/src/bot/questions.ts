import type { Clock } from '../clock.ts'
import type { MessageEvent } from '../dm/events/chat-event.ts'
import type { Message } from '../dm/message.ts'

/** Nobody answered in time. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

interface Question {
  take: (message: Message) => void
}

/** Questions that the bot has asked and waits to have answered, one for each person and conversation. */
export class Questions {
  readonly #clock: Clock
  readonly #open = new Map<string, Question>()
  readonly #over = new AbortController()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The next message of this person in this conversation. Throws NoAnswer after `timeoutMs`, or when none will come. */
  async answer(convoId: string, did: string, timeoutMs: number): Promise<Message> {
    const key = `${convoId} ${did}`
    const settled = new AbortController()
    const over = this.#over.signal
    const answered = new Promise<Message>(resolve => {
      this.#open.set(key, { take: resolve })
    })
    const late = this.#clock.sleep(timeoutMs, AbortSignal.any([settled.signal, over])).then(
      () => {
        throw new NoAnswer(`no answer within ${Math.round(timeoutMs / 1000)} s`)
      },
      () => {
        if (over.aborted) throw new NoAnswer('the bot ended before there was an answer')
        return new Promise<never>(() => {})
      },
    )
    try {
      return await Promise.race([answered, late])
    } finally {
      this.#open.delete(key)
      settled.abort()
    }
  }

  /** Whether a message is the answer to a question: then it is nothing else. */
  takes({ convoId, message }: MessageEvent): boolean {
    const question = this.#open.get(`${convoId} ${message.raw.sender.did}`)
    question?.take(message)
    return question !== undefined
  }

  /** No message will come any more. */
  end(): void {
    this.#over.abort()
  }
}
