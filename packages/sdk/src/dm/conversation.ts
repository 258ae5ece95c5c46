import type { CallOptions } from '../chat/method.ts'
import { type PagingOptions, pages } from '../pages.ts'
import { type Content, richTextOf, type Text } from './content.ts'
import type { DmContext } from './context.ts'
import type { ChatEvent } from './events/chat-event.ts'
import { EventStream, type EventsOptions } from './events/event-stream.ts'
import { Group } from './group.ts'
import type { Member } from './member.ts'
import { type AnyMessage, type Message, messageOf, sendInto } from './message.ts'
import type { SendOptions } from './outbox.ts'
import { splitText } from './split-text.ts'
import { type ConvoView, isOfDefs } from './views.ts'
import { type EventOf, nextEvent, type WaitOptions } from './wait-for.ts'

/** How much of a history is read. */
export interface HistoryOptions extends PagingOptions {
  /** No messages from before this moment. Default: all of them. */
  since?: Date
}

/** A direct conversation or a group, as it was when the service showed it; refresh() looks again. */
export class Conversation {
  readonly #context: DmContext
  #raw: ConvoView

  constructor(context: DmContext, raw: ConvoView) {
    this.#context = context
    this.#raw = raw
    context.people.meet(raw.members)
  }

  get id(): string {
    return this.#raw.id
  }

  get rev(): string {
    return this.#raw.rev
  }

  get kind(): 'direct' | 'group' {
    return isOfDefs(this.#raw.kind, 'groupConvo') ? 'group' : 'direct'
  }

  /** Whether it waits to be accepted. */
  get status(): 'accepted' | 'request' {
    return this.#raw.status === 'request' ? 'request' : 'accepted'
  }

  get muted(): boolean {
    return this.#raw.muted
  }

  get unreadCount(): number {
    return this.#raw.unreadCount
  }

  /** The account itself included. Of a group only the most important: see allMembers(). */
  get members(): Member[] {
    return this.#raw.members.map(profile => this.#context.people.of(profile))
  }

  /** All members but the account itself. */
  get others(): Member[] {
    return this.members.filter(member => !member.isMe)
  }

  /** What to call it: a group's name, or those one talks to. Never empty. */
  get title(): string {
    return this.group?.name || this.others.map(member => member.name).join(', ') || this.id
  }

  /** What only a group has and can; `undefined` of a direct conversation. */
  get group(): Group | undefined {
    const { kind } = this.#raw
    if (kind === undefined || !('memberCount' in kind)) return undefined
    return new Group(this.#context, this.id, kind, convo => this.#become(convo))
  }

  get lastMessage(): AnyMessage | undefined {
    const { lastMessage } = this.#raw
    return lastMessage && messageOf(this.#context, this.id, lastMessage)
  }

  /** As the service answered. */
  get raw(): ConvoView {
    return this.#raw
  }

  /** Everybody in it, in order of joining. */
  async *allMembers({ pageSize: limit = 50, ...options }: PagingOptions = {}): AsyncGenerator<Member> {
    const { chat, people } = this.#context
    const ask = (cursor: string | undefined) =>
      chat.bsky.convo.getConvoMembers({ convoId: this.id, limit, cursor }, options)
    for await (const { members } of pages(ask)) {
      people.meet(members)
      for (const profile of members) yield people.of(profile)
    }
  }

  /** Its history, newest first. */
  async *messages({
    since,
    pageSize: limit = 50,
    ...options
  }: HistoryOptions = {}): AsyncGenerator<AnyMessage> {
    const { chat, people } = this.#context
    const ask = (cursor: string | undefined) =>
      chat.bsky.convo.getMessages({ convoId: this.id, limit, cursor }, options)
    for await (const { messages, relatedProfiles } of pages(ask)) {
      people.meet(relatedProfiles)
      for (const view of messages) {
        const message = messageOf(this.#context, this.id, view)
        if (since !== undefined && 'sentAt' in message && message.sentAt < since) return
        yield message
      }
    }
  }

  /**
   * Sends a message, once: where the answer is lost, it is found out what became of it. Throws `too-long` for more than
   * 1000 graphemes or 10 000 bytes, of which nothing is sent then; see sendLong().
   */
  async send(content: Content, options?: SendOptions): Promise<Message> {
    return sendInto(this.#context, this.id, content, options)
  }

  /**
   * Sends text of any length, in as many messages as it takes, cut where sentences or words end. An idempotency key is that of
   * all of them together.
   */
  async sendLong(text: Text, options?: SendOptions): Promise<Message[]> {
    return this.sendAll(splitText(richTextOf(text)), options)
  }

  /**
   * Sends several messages, in this order. Where one fails, those behind it are not sent, and its error is thrown. An
   * idempotency key is that of all of them together.
   */
  async sendAll(parts: Iterable<Content>, options: SendOptions = {}): Promise<Message[]> {
    const sent: Message[] = []
    for (const part of parts) {
      const { idempotencyKey: key } = options
      const own = key === undefined ? {} : { idempotencyKey: `${key}/${sent.length + 1}` }
      sent.push(await this.send(part, { ...options, ...own }))
    }
    return sent
  }

  /** What happens in it, as it happens. */
  events(options: Omit<EventsOptions, 'convoId'> = {}): EventStream {
    return new EventStream(this.#context, { ...options, convoId: this.id })
  }

  /** The next event of this type: `await convo.waitFor('message', { after: question, from: 'bob.example.com' })`. */
  waitFor<Type extends ChatEvent['type']>(
    type: Type,
    options: WaitOptions<Type> = {},
  ): Promise<EventOf<Type>> {
    return nextEvent(this.#context, this.id, type, options)
  }

  /** Marks it read, up to a message or to its end. */
  async markRead(upTo?: { id: string } | string, options?: CallOptions): Promise<this> {
    const messageId = typeof upTo === 'object' ? upTo.id : upTo
    const { convo } = await this.#context.chat.bsky.convo.updateRead({ convoId: this.id, messageId }, options)
    return this.#become(convo)
  }

  /** Takes a request up. Sending accepts it, too. */
  async accept(options?: CallOptions): Promise<this> {
    await this.#context.chat.bsky.convo.acceptConvo({ convoId: this.id }, options)
    return this.refresh(options)
  }

  /** Leaves it; its history is gone for the account. */
  async leave(options?: CallOptions): Promise<void> {
    await this.#context.chat.bsky.convo.leaveConvo({ convoId: this.id }, options)
  }

  /** No notifications, and nothing of it counts as unread. */
  async mute(options?: CallOptions): Promise<this> {
    const { convo } = await this.#context.chat.bsky.convo.muteConvo({ convoId: this.id }, options)
    return this.#become(convo)
  }

  /** Undoes mute(). */
  async unmute(options?: CallOptions): Promise<this> {
    const { convo } = await this.#context.chat.bsky.convo.unmuteConvo({ convoId: this.id }, options)
    return this.#become(convo)
  }

  /** As it is now. Throws `convo/not-found` where the account is not in it any more. */
  async refresh(options?: CallOptions): Promise<this> {
    const { convo } = await this.#context.chat.bsky.convo.getConvo({ convoId: this.id }, options)
    return this.#become(convo)
  }

  /** For JSON.stringify(): as the service answered. */
  toJSON(): ConvoView {
    return this.#raw
  }

  #become(raw: ConvoView): this {
    this.#raw = raw
    this.#context.people.meet(raw.members)
    return this
  }
}
