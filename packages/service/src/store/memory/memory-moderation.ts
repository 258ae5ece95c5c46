import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../../tid.ts'
import type { Activity, ModeratedConvo, ModerationReader, Side } from '../moderation-reader.ts'
import { isSystem, type Message, type ModEvent } from '../rows.ts'
import type { GroupMember, SeenMessage, ViewedMessage } from '../viewed.ts'
import type { Tables } from './tables.ts'

/** What moderators read of the oracle. */
export class MemoryModeration implements ModerationReader {
  readonly #tables: Tables

  constructor(tables: Tables) {
    this.#tables = tables
  }

  async convos(convoIds: readonly Tid[]): Promise<ModeratedConvo[]> {
    return convoIds.flatMap(convoId => {
      const convo = this.#tables.convo(convoId)
      const ids = this.#messagesOf(convoId).map(({ id }) => id)
      return convo ? [{ convo, rev: Math.max(convoId, ...ids) }] : []
    })
  }

  async members(convoId: Tid, page: { after?: Tid; limit: number }): Promise<GroupMember[]> {
    return this.#tables
      .membersOf(convoId)
      .filter(({ joined }) => page.after === undefined || joined > page.after)
      .map(({ did, joined, addedBy }) => ({ did, joined, ...(addedBy && { addedBy }) }))
      .slice(0, page.limit)
  }

  async messages(messageId: Tid, convoId?: Tid): Promise<ViewedMessage[]> {
    return this.#tables.messages
      .filter(message => message.id === messageId && message.convoId === (convoId ?? message.convoId))
      .map(message => this.#viewed(message))
  }

  async messagesBeside(convoId: Tid, messageId: Tid, side: Side, limit: number): Promise<ViewedMessage[]> {
    const messages = this.#messagesOf(convoId)
    const beside =
      side === 'before'
        ? messages.filter(({ id }) => id < messageId).reverse()
        : messages.filter(({ id }) => id > messageId)
    return beside.slice(0, limit).map(message => this.#viewed(message))
  }

  async activity(did: Did, since: Tid): Promise<Activity> {
    const rows = this.#tables.log.filter(row => row.did === did && row.type === 'createMessage')
    const messages = this.#tables.messages
      .filter(
        ({ id, convoId }) => id >= since && rows.some(row => row.messageId === id && row.convoId === convoId),
      )
      .filter(message => !isSystem(message))
    const sent = messages.filter(message => !isSystem(message) && message.sender === did)
    const told = new Set(
      this.#tables.log.filter(row => row.did === did && row.type === 'beginConvo').map(row => row.convoId),
    )
    return {
      messagesSent: sent.length,
      messagesReceived: messages.length - sent.length,
      convos: new Set(messages.map(({ convoId }) => convoId)).size,
      convosStarted: [...told].filter(convoId => convoId >= since && this.#starter(convoId) === did).length,
    }
  }

  async events(page: { after: Tid; limit: number }): Promise<ModEvent[]> {
    return this.#tables.modEvents
      .filter(({ rev }) => rev > page.after)
      .sort((a, b) => a.rev - b.rev)
      .slice(0, page.limit)
  }

  async eventHead(): Promise<Tid> {
    return Math.max(0, ...this.#tables.modEvents.map(({ rev }) => rev))
  }

  #starter(convoId: Tid): Did | undefined {
    const convo = this.#tables.convo(convoId)
    if (convo?.kind === 'group') return convo.owner
    const first = this.#messagesOf(convoId)[0]
    return first && !isSystem(first) ? first.sender : undefined
  }

  #messagesOf(convoId: Tid): Message[] {
    return this.#tables.messages.filter(message => message.convoId === convoId).sort((a, b) => a.id - b.id)
  }

  #viewed(message: Message): ViewedMessage {
    const replyTo = isSystem(message) ? undefined : message.body?.replyTo
    const { convoId } = message
    const target = replyTo === undefined ? undefined : this.#tables.message({ convoId, messageId: replyTo })
    if (!target || isSystem(target)) return this.#seen(message)
    return { ...this.#seen(message), replyTo: { ...this.#seen(target), outOfSight: false } }
  }

  #seen<M extends Message>(message: M): SeenMessage<M> {
    return { message, reactions: this.#tables.reactionsTo(message), hidden: false }
  }
}
