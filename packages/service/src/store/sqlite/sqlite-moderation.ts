import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../../tid.ts'
import type { Activity, ModeratedConvo, ModerationReader, Side } from '../moderation-reader.ts'
import type { Message, ModEvent } from '../rows.ts'
import type { GroupMember, ViewedMessage } from '../viewed.ts'
import type { Accounts } from './accounts.ts'
import { GroupReads } from './group-reads.ts'
import { loadConvo } from './load.ts'
import { MessageReads } from './message-reads.ts'
import { type MessageTable, readMessage } from './row-readers.ts'
import type { Statements } from './statements.ts'

/** What moderators read. */
export class SqliteModeration implements ModerationReader {
  readonly #sql: Statements
  readonly #accounts: Accounts
  readonly #messages: MessageReads
  readonly #groups: GroupReads

  constructor(sql: Statements, accounts: Accounts) {
    this.#sql = sql
    this.#accounts = accounts
    this.#messages = new MessageReads(sql, accounts)
    this.#groups = new GroupReads(sql, accounts)
  }

  async convos(convoIds: readonly Tid[]): Promise<ModeratedConvo[]> {
    return convoIds.flatMap(convoId => {
      const convo = loadConvo(this.#sql, this.#accounts, convoId)
      const newest = this.#sql.get<{ id: Tid | null }>(
        'select max(id) as id from message where convo = ?',
        convoId,
      )
      return convo ? [{ convo, rev: newest?.id ?? convoId }] : []
    })
  }

  async members(convoId: Tid, page: { after?: Tid; limit: number }): Promise<GroupMember[]> {
    return this.#groups.members(convoId, page)
  }

  async messages(messageId: Tid, convoId?: Tid): Promise<ViewedMessage[]> {
    const found = this.#messages.load([messageId])
    return this.#view(found.filter(message => message.convoId === (convoId ?? message.convoId)))
  }

  async messagesBeside(convoId: Tid, messageId: Tid, side: Side, limit: number): Promise<ViewedMessage[]> {
    const where = side === 'before' ? 'id < ?2 order by id desc' : 'id > ?2 order by id'
    const rows = this.#sql.all<MessageTable>(
      `select * from message where convo = ?1 and ${where} limit ?3`,
      convoId,
      messageId,
      limit,
    )
    return this.#view(rows.map(row => readMessage(this.#accounts, row)))
  }

  async activity(did: Did, since: Tid): Promise<Activity> {
    const uid = this.#accounts.uid(did) ?? 0
    const counts = this.#sql.get<{ sent: number; received: number; convos: number }>(
      `select count(*) filter (where message.sender = ?1) as sent,
         count(*) filter (where message.sender <> ?1) as received,
         count(distinct message.convo) as convos
       from log join message on message.id = log.message
       where log.account = ?1 and log.rev >= ?2 and log.type = 'createMessage'`,
      uid,
      since,
    )!
    const started = this.#sql.get<{ count: number }>(
      `select count(distinct log.convo) as count from log
       left join group_convo on group_convo.convo = log.convo
       where log.account = ?1 and log.type = 'beginConvo' and log.convo >= ?2
         and coalesce(
           group_convo.owner,
           (select sender from message where message.convo = log.convo order by message.id limit 1)) = ?1`,
      uid,
      since,
    )!
    const { sent: messagesSent, received: messagesReceived, convos } = counts
    return { messagesSent, messagesReceived, convos, convosStarted: started.count }
  }

  async events(page: { after: Tid; limit: number }): Promise<ModEvent[]> {
    const rows = this.#sql.all<{ rev: Tid; event: string }>(
      'select rev, event from mod_event where rev > ? order by rev limit ?',
      page.after,
      page.limit,
    )
    return rows.map(({ rev, event }) => ({ rev, event: JSON.parse(event) as ModEvent['event'] }))
  }

  async eventHead(): Promise<Tid> {
    return this.#sql.get<{ rev: Tid | null }>('select max(rev) as rev from mod_event')?.rev ?? 0
  }

  #view(messages: readonly Message[]): ViewedMessage[] {
    const all = messages.map(message => ({ message, visibleFrom: 0 }))
    return this.#messages.view(undefined, all)
  }
}
