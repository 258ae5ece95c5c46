import type { Clock } from '../clock.ts'
import type { Message } from '../dm/message.ts'
import type { MessageEvent } from '../events/chat-event.ts'

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

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The next message of this person in this conversation. Throws NoAnswer after `timeoutMs`. */
  async answer(
    convoId: string,
    did: string,
    { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
  ): Promise<Message> {
    const key = `${convoId} ${did}`
    const settled = new AbortController()
    const stop = AbortSignal.any([settled.signal, signal])
    const answered = new Promise<Message>(resolve => {
      this.#open.set(key, { take: resolve })
    })
    const late = this.#clock.sleep(timeoutMs, stop).then(
      () => {
        throw new NoAnswer(`no answer within ${Math.round(timeoutMs / 1000)} s`)
      },
      () => {
        if (signal.aborted) throw new NoAnswer('the bot stopped before there was an answer')
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
}
