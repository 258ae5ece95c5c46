import type { CallOptions } from '../chat/method.ts'
import type { Client } from '../client.ts'
import type { Content } from '../dm/content.ts'
import type { Conversation } from '../dm/conversation.ts'
import type { ChatEvent, MessageEvent, ReactionEvent } from '../dm/events/chat-event.ts'
import type { Member } from '../dm/member.ts'
import type { Message } from '../dm/message.ts'
import type { SendOptions } from '../dm/outbox.ts'
import { ChatError } from '../errors.ts'
import type { Questions } from './questions.ts'
import { piecesOfStream } from './reply-stream.ts'

/** How long an answer is waited for, and what it must be like. */
export interface AskOptions {
  /** How long an answer is waited for. Default 5 minutes. */
  timeoutMs?: number
  /** What an answer must be like; a string is said, and the question stays. */
  validate?: (text: string) => boolean | string
}

export interface ContextParts<Session> {
  client: Client
  event: ChatEvent
  session: Session
  questions: Questions
  /** Waits, and lets others have its place meanwhile. */
  apart<T>(waiting: Promise<T>): Promise<T>
  signal: AbortSignal
}

type MessageOf<Event> = Event extends MessageEvent | ReactionEvent ? Message : Message | undefined

/** What a handler is given: what happened, and what it can do about it. */
export class Context<Event extends ChatEvent = ChatEvent, Session = unknown> {
  readonly client: Client
  readonly event: Event
  /** Kept between events of one person in one conversation. Change it; it is kept when the handlers are done. */
  session: Session
  /** Of a command: the words behind it. */
  args: string[] = []
  /** Of hears(): what the pattern found. */
  match: RegExpMatchArray | undefined
  /** Aborts when the bot must stop. */
  readonly signal: AbortSignal
  readonly #questions: Questions
  readonly #apart: ContextParts<Session>['apart']

  constructor({ client, event, session, questions, apart, signal }: ContextParts<Session>) {
    this.client = client
    this.event = event as Event
    this.session = session
    this.signal = signal
    this.#questions = questions
    this.#apart = apart
  }

  get convoId(): string {
    return this.event.convoId
  }

  get message(): MessageOf<Event> {
    const { event } = this as { event: ChatEvent }
    return (
      'message' in event && event.message.type === 'message' ? event.message : undefined
    ) as MessageOf<Event>
  }

  /** Of the message; empty where there is none. */
  get text(): string {
    return (this.message as Message | undefined)?.text ?? ''
  }

  /** Who did it, where that is somebody. */
  get from(): Member | undefined {
    const { event } = this as { event: ChatEvent }
    if (event.type === 'message') return event.message.sender
    if (event.type === 'reaction:added' || event.type === 'reaction:removed') return event.by
    return event.type === 'join-request' ? event.from : undefined
  }

  /** The conversation as it is now. */
  conversation(options?: CallOptions): Promise<Conversation> {
    return this.client.dm.get(this.convoId, options)
  }

  /** Says something in the conversation. With `quote` as an answer to the message. */
  async reply(
    content: Content,
    { quote = false, ...options }: SendOptions & { quote?: boolean } = {},
  ): Promise<Message> {
    const message = this.message as Message | undefined
    if (quote && message) return message.reply(content, options)
    return this.client.dm.send({ convoId: this.convoId }, content, options)
  }

  /** Says what comes bit by bit, in as many messages as it takes: messages cannot be changed once they are sent. */
  async replyStream(parts: AsyncIterable<string>, options?: SendOptions): Promise<Message[]> {
    const sent: Message[] = []
    for await (const piece of piecesOfStream(parts)) sent.push(await this.reply(piece, options))
    return sent
  }

  /** Adds an emoji to the message. */
  async react(emoji: string): Promise<void> {
    await (this.message as Message | undefined)?.react(emoji)
  }

  /** Marks the conversation read up to the message. */
  async markRead(): Promise<void> {
    const message = this.message as Message | undefined
    await this.client.chat.bsky.convo.updateRead({
      convoId: this.convoId,
      ...(message && { messageId: message.id }),
    })
  }

  /**
   * Asks, and waits for the next message of whom it asks: other handlers do not see that one. Throws NoAnswer where none
   * comes in time, or the bot stops; what else comes in the conversation meanwhile waits. What must survive a restart belongs in the session.
   */
  async ask(
    question: Content,
    { timeoutMs = 5 * 60_000, validate = () => true }: AskOptions = {},
  ): Promise<Message> {
    const { from } = this
    if (from === undefined)
      throw new ChatError('invalid-input', 'Nobody has done this: there is nobody to ask')
    let saying: Content | undefined = question
    for (;;) {
      // Waits first: the answer can be there before the send is.
      const answered = this.#questions.answer(this.convoId, from.did, timeoutMs)
      answered.catch(() => {})
      if (saying !== undefined) await this.reply(saying)
      const answer = await this.#apart(answered)
      const verdict = validate(answer.text)
      if (verdict === true) return answer
      saying = typeof verdict === 'string' ? verdict : question
    }
  }
}
