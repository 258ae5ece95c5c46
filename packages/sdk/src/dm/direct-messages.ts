import type { JoinRequestConvoView } from '@atcute/bluesky/types/chat/group/defs'
import type { Actor, CallOptions } from '../chat/method.ts'
import { ChatError, type ChatErrorCode } from '../errors.ts'
import { type PagingOptions, pages } from '../pages.ts'
import { type BroadcastOptions, type BroadcastResult, broadcast } from './broadcast.ts'
import type { Content } from './content.ts'
import type { DmContext } from './context.ts'
import { Conversation } from './conversation.ts'
import { type Allow, type AllowIncoming, allowIncoming, declareIncoming } from './declaration.ts'
import type { DoctorReport } from './doctor.ts'
import { EventStream, type EventsOptions } from './events/event-stream.ts'
import type { ExportOptions } from './export/export-lines.ts'
import { type Message, sendInto } from './message.ts'
import type { SendOptions } from './outbox.ts'
import { type ConvoView, isOfDefs } from './views.ts'

/** Which conversations are listed. */
export interface ConversationsOptions extends PagingOptions {
  /** Default: both. */
  status?: 'accepted' | 'request'
  kind?: 'direct' | 'group'
  /** Only those with something unread. Default false. */
  unread?: boolean
}

/** An own request to join a group, which its owner has not decided about. */
export interface OwnJoinRequest {
  convoId: string
  name: string
  raw: JoinRequestConvoView
  /** Takes it back. */
  withdraw(options?: CallOptions): Promise<void>
}

/** Whether somebody can be messaged: the conversation, if there is one already, or why not. */
export type MayMessage =
  | { ok: true; conversation: Conversation | undefined }
  | { ok: false; reason: ChatErrorCode }

/** Conversations of the account that is logged in: `client.dm`. Wherever a DID is due, a handle will do. */
export class DirectMessages {
  readonly #context: DmContext

  constructor(context: DmContext) {
    this.#context = context
  }

  /** All of them, most recently changed first. */
  async *conversations(options: ConversationsOptions = {}): AsyncGenerator<Conversation> {
    const { status, kind, unread, pageSize: limit = 50, ...callOptions } = options
    const readState = unread ? 'unread' : undefined
    const ask = (cursor: string | undefined) =>
      this.#convo.listConvos({ status, kind, readState, limit, cursor }, callOptions)
    for await (const { convos } of pages(ask)) for (const convo of convos) yield this.#open(convo)
  }

  /** What waits for an answer: conversations that others began, and own requests to join groups. */
  async *requests(options: PagingOptions = {}): AsyncGenerator<Conversation | OwnJoinRequest> {
    const { pageSize: limit = 50, ...callOptions } = options
    const ask = (cursor: string | undefined) => this.#convo.listConvoRequests({ limit, cursor }, callOptions)
    for await (const { requests } of pages(ask)) {
      for (const request of requests) {
        if (isOfDefs(request, 'convoView')) yield this.#open(request as ConvoView)
        else if ('convoId' in request) yield this.#ownRequest(request)
      }
    }
  }

  /** Throws `convo/not-found`, also for one that the account is not in. */
  async get(convoId: string, options?: CallOptions): Promise<Conversation> {
    return this.#open((await this.#convo.getConvo({ convoId }, options)).convo)
  }

  /** The direct conversation with somebody, begun if there is none. Throws `recipient/…` where they do not want it. */
  async with(actor: Actor, options?: CallOptions): Promise<Conversation> {
    return this.#open((await this.#convo.getConvoForMembers({ members: [actor] }, options)).convo)
  }

  /** Sends to somebody, whose conversation is begun if there is none, or into a conversation. */
  async send(to: Actor | { convoId: string }, content: Content, options: SendOptions = {}): Promise<Message> {
    const { idempotencyKey: _, begunAt: __, ...callOptions } = options
    const convoId = typeof to === 'string' ? (await this.with(to, callOptions)).id : to.convoId
    return sendInto(this.#context, convoId, content, options)
  }

  /** Writes to many, one after another and not too fast. Says what became of each; throws where it must stop. */
  broadcast(
    to: Iterable<Actor> | AsyncIterable<Actor>,
    content: Content | ((to: Actor) => Content),
    options?: BroadcastOptions,
  ): AsyncGenerator<BroadcastResult> {
    return broadcast(this, this.#context.clock, to, content, options)
  }

  /**
   * Whether somebody can be messaged, and why not. They notice nothing. Where they cannot, the reason is what beginning a
   * conversation is refused with.
   */
  async canMessage(actor: Actor, options?: CallOptions): Promise<MayMessage> {
    try {
      const { canChat, convo } = await this.#convo.getConvoAvailability({ members: [actor] }, options)
      if (canChat) return { ok: true, conversation: convo && this.#open(convo) }
      await this.with(actor, options)
      return { ok: false, reason: 'recipient/disabled' }
    } catch (error) {
      if (!(error instanceof ChatError) || error.retryable || /^(auth|aborted)/.test(error.code)) throw error
      return { ok: false, reason: error.code }
    }
  }

  /** Everybody but the account finds it among their requests. */
  async createGroup(name: string, members: readonly Actor[], options?: CallOptions): Promise<Conversation> {
    const input = { name, members: [...members] }
    return this.#open((await this.#context.chat.bsky.group.createGroup(input, options)).convo)
  }

  /** Follows a join link. `undefined`: its owner has to agree first. */
  async join(code: string, options?: CallOptions): Promise<Conversation | undefined> {
    const { convo } = await this.#context.chat.bsky.group.requestJoin({ code }, options)
    return convo && this.#open(convo)
  }

  /** How many conversations have something unread; 100 stands for more than 99. */
  async unread(options?: CallOptions): Promise<{ accepted: number; requests: number }> {
    const counts = await this.#convo.getUnreadCounts({}, options)
    return { accepted: counts.unreadAcceptedConvos, requests: counts.unreadRequestConvos }
  }

  /** Marks all conversations read, or those of one status. Gives how many that were. */
  async markAllRead(status?: 'accepted' | 'request', options?: CallOptions): Promise<number> {
    return (await this.#convo.updateAllRead({ status }, options)).updatedCount
  }

  /** What happens in all conversations, as it happens. One poller, or one connection, serves any number of streams. */
  events(options: EventsOptions = {}): EventStream {
    if (options.poll) this.#context.log.setPace(options.poll)
    return new EventStream(this.#context, options)
  }

  /**
   * Who may begin a conversation with the account, and who may add it to groups: two settings of the account itself,
   * whatever chat service it uses.
   */
  allowIncoming(options?: CallOptions): Promise<AllowIncoming> {
    return allowIncoming(this.#context.account, options)
  }

  /** Sets it. `groups` stays as it is unless it is given; without ever having been, it is the same as `incoming`. */
  setAllowIncoming(incoming: Allow, groups?: Allow, options?: CallOptions): Promise<void> {
    return declareIncoming(this.#context.account, { incoming, groups }, options)
  }

  /**
   * All own conversations as lines without their ends: each conversation, then its messages, oldest first. In JSON Lines
   * each is a JsonLine. Reads as any client does, so every service can.
   */
  async *export(options?: ExportOptions): AsyncGenerator<string> {
    // Loaded by those who want it: a page that chats does not.
    const { exportLines } = await import('./export/export-lines.ts')
    yield* exportLines(this.#context, this, options)
  }

  /** Looks whether everything is there that direct messages need, and says what to do where it is not. */
  async doctor(options?: CallOptions): Promise<DoctorReport> {
    const { examine } = await import('./doctor.ts')
    return examine(this.#context, options)
  }

  get #convo() {
    return this.#context.chat.bsky.convo
  }

  #open(convo: ConvoView): Conversation {
    return new Conversation(this.#context, convo)
  }

  #ownRequest(raw: JoinRequestConvoView): OwnJoinRequest {
    const { convoId, name } = raw
    return {
      convoId,
      name,
      raw,
      withdraw: async options => {
        await this.#context.chat.bsky.group.withdrawJoinRequest({ convoId }, options)
      },
    }
  }
}
