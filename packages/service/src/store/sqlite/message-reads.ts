import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../../tid.ts'
import { isSystem, type Member, type Message } from '../rows.ts'
import type { SeenMessage, ViewedMessage } from '../viewed.ts'
import type { Accounts } from './accounts.ts'
import { loadHidden, loadMessages, loadReactions } from './load.ts'
import type { Statements } from './statements.ts'

/** Messages with what belongs to them: reactions, the message replied to, what the reader has deleted. */
export class MessageReads {
  readonly #sql: Statements
  readonly #accounts: Accounts

  constructor(sql: Statements, accounts: Accounts) {
    this.#sql = sql
    this.#accounts = accounts
  }

  /** As one viewer sees them, fetched for all at once; without a viewer as moderators do. */
  view(viewer: Did | undefined, asked: readonly { message: Message; visibleFrom: Tid }[]): ViewedMessage[] {
    if (asked.length === 0) return []
    const replies = asked.flatMap(({ message }) => replyOf(message) ?? [])
    const targets = new Map(this.load(replies).map(target => [target.id, target]))
    const ids = [...asked.map(({ message }) => message.id), ...targets.keys()]
    const reactions = Map.groupBy(
      loadReactions(this.#sql, this.#accounts, ids),
      reaction => reaction.messageId,
    )
    const hidden = viewer === undefined ? new Set() : loadHidden(this.#sql, this.#accounts, viewer, ids)
    function seen<M extends Message>(message: M): SeenMessage<M> {
      return { message, reactions: reactions.get(message.id) ?? [], hidden: hidden.has(message.id) }
    }
    return asked.map(({ message, visibleFrom }) => {
      const target = targets.get(replyOf(message) ?? 0)
      if (!target || isSystem(target)) return seen(message)
      return { ...seen(message), replyTo: { ...seen(target), outOfSight: target.id <= visibleFrom } }
    })
  }

  byId({ did, visibleFrom }: Member, messageId: Tid): ViewedMessage | undefined {
    const [message] = this.load([messageId])
    return message && this.view(did, [{ message, visibleFrom }])[0]
  }

  load(ids: readonly Tid[]): Message[] {
    return ids.length === 0 ? [] : loadMessages(this.#sql, this.#accounts, ids)
  }
}

function replyOf(message: Message): Tid | undefined {
  return isSystem(message) ? undefined : message.body?.replyTo
}
