import type { Main as Facet } from '@atcute/bluesky/types/app/richtext/facet'
import type { CallOptions } from '../chat/method.ts'
import { type Segment, segmentsOf } from '../rich-text/segments.ts'
import { answering, type Content, messageInput } from './content.ts'
import type { DmContext } from './context.ts'
import type { Member } from './member.ts'
import type { SendOptions } from './outbox.ts'
import { type SystemMessage, systemMessageOf } from './system-message.ts'
import {
  type DeletedMessageView,
  isOfDefs,
  type MessageView,
  type SystemMessageView,
  type TypedView,
} from './views.ts'

/** All that a conversation's history can hold. Look at `type`. */
export type AnyMessage = Message | DeletedMessage | SystemMessage | UnknownMessage

/** One that has been deleted: who sent it and when, and no text. */
export interface DeletedMessage {
  type: 'deleted'
  id: string
  rev: string
  convoId: string
  sentAt: Date
  sender: Member
  raw: DeletedMessageView
}

/** Of a kind that is newer than this library. */
export interface UnknownMessage {
  type: 'unknown'
  id: string | undefined
  convoId: string
  raw: TypedView
}

/** An emoji, and who added it. */
export interface Reaction {
  value: string
  sender: Member
  createdAt: Date
}

/** The message that another one answers. `hidden`: it is from before the account joined the group. */
export type Answered = Message | DeletedMessage | UnknownMessage | { type: 'hidden' }

/** A message with text, and what can be done with it. It does not change: each action gives a new one. */
export class Message {
  readonly type = 'message'
  readonly convoId: string
  readonly raw: MessageView
  readonly #context: DmContext

  constructor(context: DmContext, convoId: string, raw: MessageView) {
    this.#context = context
    this.convoId = convoId
    this.raw = raw
  }

  get id(): string {
    return this.raw.id
  }

  get rev(): string {
    return this.raw.rev
  }

  get text(): string {
    return this.raw.text
  }

  get facets(): readonly Facet[] {
    return this.raw.facets ?? []
  }

  get embed(): MessageView['embed'] {
    return this.raw.embed
  }

  get sentAt(): Date {
    return new Date(this.raw.sentAt)
  }

  get sender(): Member {
    return this.#context.people.member(this.raw.sender.did)
  }

  get fromMe(): boolean {
    return this.sender.isMe
  }

  get reactions(): Reaction[] {
    return (this.raw.reactions ?? []).map(({ value, sender, createdAt }) => ({
      value,
      sender: this.#context.people.member(sender.did),
      createdAt: new Date(createdAt),
    }))
  }

  get replyTo(): Answered | undefined {
    const { replyTo } = this.raw
    if (replyTo === undefined) return undefined
    if (isOfDefs(replyTo, 'messageBeforeUserJoinedGroupView')) return { type: 'hidden' }
    return messageOf(this.#context, this.convoId, replyTo) as Answered
  }

  /** The text in pieces, each with what it means, ready to be shown. */
  segments(): Segment[] {
    return segmentsOf(this.text, this.facets)
  }

  /** Whether it names the account with this DID. */
  mentions(did: string): boolean {
    return this.segments().some(segment => segment.mention === did)
  }

  /** Answers it, in the same conversation. */
  async reply(content: Content, options?: SendOptions): Promise<Message> {
    return sendInto(this.#context, this.convoId, answering(content, this.id), options)
  }

  /** Adds an emoji. Doing it twice is doing it once. */
  async react(emoji: string, options?: CallOptions): Promise<Message> {
    const { chat } = this.#context
    const { message } = await chat.bsky.convo.addReaction(
      { convoId: this.convoId, messageId: this.id, value: emoji },
      options,
    )
    return new Message(this.#context, this.convoId, message)
  }

  /** Takes an own emoji back. */
  async unreact(emoji: string, options?: CallOptions): Promise<Message> {
    const { chat } = this.#context
    const { message } = await chat.bsky.convo.removeReaction(
      { convoId: this.convoId, messageId: this.id, value: emoji },
      options,
    )
    return new Message(this.#context, this.convoId, message)
  }

  /** Removes it from the own view; others keep theirs. */
  async deleteForSelf(options?: CallOptions): Promise<void> {
    const { chat } = this.#context
    await chat.bsky.convo.deleteMessageForSelf({ convoId: this.convoId, messageId: this.id }, options)
  }

  /** For JSON.stringify(): as the service answered. */
  toJSON(): MessageView {
    return this.raw
  }
}

/** Sends a message, once: where the answer is lost, it is found out what became of it. */
export async function sendInto(
  context: DmContext,
  convoId: string,
  content: Content,
  options?: SendOptions,
): Promise<Message> {
  const input = await messageInput(content, actor => context.find(actor, options))
  return new Message(context, convoId, await context.outbox.send(convoId, input, options))
}

/** Any message that the service shows, as an object. */
export function messageOf(context: DmContext, convoId: string, view: TypedView): AnyMessage {
  if (isOfDefs(view, 'messageView')) return new Message(context, convoId, view as MessageView)
  if (isOfDefs(view, 'deletedMessageView')) {
    const raw = view as DeletedMessageView
    const { id, rev, sentAt, sender } = raw
    const from = context.people.member(sender.did)
    return { type: 'deleted', id, rev, convoId, sentAt: new Date(sentAt), sender: from, raw }
  }
  if (isOfDefs(view, 'systemMessageView')) return systemMessageOf(context, convoId, view as SystemMessageView)
  const { id } = view as { id?: unknown }
  return { type: 'unknown', id: typeof id === 'string' ? id : undefined, convoId, raw: view }
}
