import type { Did } from '@atcute/lexicons/syntax'
import { idOf, isSystem, type Message, type MessageId, type Reaction } from '../rows.ts'
import type { SeenMessage, ViewedMessage } from '../viewed.ts'
import { messageKey } from '../working-set.ts'
import {
  accountsIn,
  type MessageTable,
  type ReactionTable,
  readMessage,
  readReaction,
} from './row-readers.ts'
import type { Accounts, Sql } from './sql.ts'

/** A message, and from where on its reader sees the convo. */
export interface InSight {
  message: Message
  visibleFrom: number
}

interface Surroundings {
  /** What is replied to. */
  targets: readonly Message[]
  /** In the order they were added to their message. */
  reactions: readonly Reaction[]
  /** Keys of what the viewer has deleted. */
  hidden: ReadonlySet<string>
}

/** Messages with what belongs to them: reactions, the message replied to, what the reader has deleted. */
export class MessageReads {
  readonly #sql: Sql
  readonly #accounts: Accounts

  constructor(sql: Sql, accounts: Accounts) {
    this.#sql = sql
    this.#accounts = accounts
  }

  /** As one viewer sees them, fetched for all at once; without a viewer as moderators do. */
  async view(viewer: Did | undefined, asked: readonly InSight[]): Promise<ViewedMessage[]> {
    const replies = asked.flatMap(({ message }) => replyOf(message) ?? [])
    const ids = [...asked.map(({ message }) => idOf(message)), ...replies]
    const [targets, reactions, hidden] = await Promise.all([
      this.load(replies),
      this.#reactions(ids),
      viewer === undefined ? new Set<string>() : this.#hidden(viewer, ids),
    ])
    return assemble(asked, { targets, reactions, hidden })
  }

  /** The same for messages that stand one after the other in one convo, newest first, and that the viewer has not deleted. */
  async viewPage(viewer: Did, asked: readonly InSight[]): Promise<ViewedMessage[]> {
    const [newest, oldest] = [asked[0]?.message, asked.at(-1)?.message]
    if (!newest || !oldest) return []
    const replies = asked.flatMap(({ message }) => replyOf(message) ?? [])
    const [targets, reactions, reactionsToTargets, hidden] = await Promise.all([
      this.load(replies),
      this.#reactionsBetween(oldest, newest),
      this.#reactions(replies.filter(({ messageId }) => messageId < oldest.id)),
      this.#hidden(viewer, replies),
    ])
    return assemble(asked, { targets, reactions: [...reactions, ...reactionsToTargets], hidden })
  }

  async load(ids: readonly MessageId[]): Promise<Message[]> {
    if (ids.length === 0) return []
    return this.read(
      await this.#sql.all<MessageTable>(
        `select * from message where ${this.#sql.dialect.amongPairs(['convo', 'id'], '$1', '$2')}`,
        sideBySide(ids),
      ),
    )
  }

  async read(rows: readonly MessageTable[]): Promise<Message[]> {
    await this.#accounts.meet([...new Set(rows.flatMap(row => row.sender ?? []))])
    return rows.map(row => readMessage(this.#accounts, row))
  }

  /** In the order they were added. */
  async #reactions(ids: readonly MessageId[]): Promise<Reaction[]> {
    if (ids.length === 0) return []
    const rows = await this.#sql.all<ReactionTable>(
      `select * from reaction where ${this.#sql.dialect.amongPairs(['convo', 'message'], '$1', '$2')} order by rev`,
      sideBySide(ids),
    )
    return this.#readReactions(rows)
  }

  async #reactionsBetween(oldest: Message, newest: Message): Promise<Reaction[]> {
    const rows = await this.#sql.all<ReactionTable>(
      'select * from reaction where convo = $1 and message between $2 and $3 order by rev',
      [oldest.convoId, oldest.id, newest.id],
    )
    return this.#readReactions(rows)
  }

  async #readReactions(rows: readonly ReactionTable[]): Promise<Reaction[]> {
    await this.#accounts.meet(accountsIn(rows))
    return rows.map(row => readReaction(this.#accounts, row))
  }

  /** Those that the viewer has deleted for themself. */
  async #hidden(viewer: Did, ids: readonly MessageId[]): Promise<Set<string>> {
    if (ids.length === 0) return new Set()
    const { dialect } = this.#sql
    const columns = { convo: 'message.convo', id: 'message.id' }
    const rows = await this.#sql.all<{ convo: number; id: number }>(
      `select convo, id from message where ${dialect.amongPairs(['convo', 'id'], '$1', '$2')}
         and ${dialect.isHidden(columns, '$3')}`,
      [...sideBySide(ids), (await this.#accounts.find(viewer)) ?? 0],
    )
    return new Set(rows.map(({ convo, id }) => messageKey({ convoId: convo, messageId: id })))
  }
}

function assemble(asked: readonly InSight[], about: Surroundings): ViewedMessage[] {
  const { hidden } = about
  const targets = new Map(about.targets.map(target => [messageKey(idOf(target)), target]))
  const reactions = Map.groupBy(about.reactions, messageKey)
  const isPlain = reactions.size === 0 && hidden.size === 0
  function seen<M extends Message>(message: M): SeenMessage<M> {
    // Most messages have nothing to them.
    if (isPlain) return { message, reactions: [], hidden: false }
    const key = messageKey(idOf(message))
    return { message, reactions: reactions.get(key) ?? [], hidden: hidden.has(key) }
  }
  return asked.map(({ message, visibleFrom }) => {
    const reply = replyOf(message)
    const target = reply && targets.get(messageKey(reply))
    if (!target || isSystem(target)) return seen(message)
    return { ...seen(message), replyTo: { ...seen(target), outOfSight: target.id <= visibleFrom } }
  })
}

function sideBySide(ids: readonly MessageId[]): [number[], number[]] {
  return [ids.map(({ convoId }) => convoId), ids.map(({ messageId }) => messageId)]
}

function replyOf(message: Message): MessageId | undefined {
  if (isSystem(message) || message.body?.replyTo === undefined) return undefined
  return { convoId: message.convoId, messageId: message.body.replyTo }
}
