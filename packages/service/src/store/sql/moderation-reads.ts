import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../../tid.ts'
import type { Activity, ModeratedConvo, ModerationReader, Side } from '../moderation-reader.ts'
import type { Message, ModEvent } from '../rows.ts'
import type { GroupMember, ViewedMessage } from '../viewed.ts'
import { GroupReads } from './group-reads.ts'
import { MessageReads } from './message-reads.ts'
import { accountsIn, type GroupTable, type MessageTable, readGroup } from './row-readers.ts'
import type { Accounts, Sql } from './sql.ts'

/** What moderators read. */
export class ModerationReads implements ModerationReader {
  readonly #sql: Sql
  readonly #accounts: Accounts
  readonly #messages: MessageReads
  readonly #groups: GroupReads

  constructor(sql: Sql, accounts: Accounts) {
    this.#sql = sql
    this.#accounts = accounts
    this.#messages = new MessageReads(sql, accounts)
    this.#groups = new GroupReads(sql, accounts)
  }

  async convos(convoIds: readonly Tid[]): Promise<ModeratedConvo[]> {
    const rows = await this.#sql.all<(GroupTable | { name: null }) & { id: Tid; newest: Tid | null }>(
      `select convo.id, group_convo.*, (select max(id) from message where message.convo = convo.id) as newest
       from convo left join group_convo on group_convo.convo = convo.id
       where ${this.#sql.dialect.among('convo.id', '$1')}`,
      [convoIds],
    )
    await this.#accounts.meet(accountsIn(rows))
    const found = new Map(
      rows.map(row => {
        const { id, newest } = row
        const convo = row.name === null ? { id, kind: 'direct' as const } : readGroup(this.#accounts, row)
        return [id, { convo, rev: newest ?? id }]
      }),
    )
    return convoIds.flatMap(id => found.get(id) ?? [])
  }

  async members(convoId: Tid, page: { after?: Tid; limit: number }): Promise<GroupMember[]> {
    return this.#groups.members(convoId, page)
  }

  async messages(messageId: Tid, convoId?: Tid): Promise<ViewedMessage[]> {
    const found = await this.#sql.all<MessageTable>(
      `select * from message where id = $1 ${convoId === undefined ? '' : 'and convo = $2'}`,
      convoId === undefined ? [messageId] : [messageId, convoId],
    )
    return this.#view(await this.#messages.read(found))
  }

  async messagesBeside(convoId: Tid, messageId: Tid, side: Side, limit: number): Promise<ViewedMessage[]> {
    const where = side === 'before' ? 'id < $2 order by id desc' : 'id > $2 order by id'
    const rows = await this.#sql.all<MessageTable>(
      `select * from message where convo = $1 and ${where} limit $3`,
      [convoId, messageId, limit],
    )
    return this.#view(await this.#messages.read(rows))
  }

  async activity(did: Did, since: Tid): Promise<Activity> {
    const uid = (await this.#accounts.find(did)) ?? 0
    const [counts, started] = await Promise.all([
      this.#sql.all<{ sent: number; received: number; convos: number }>(
        `select count(*) filter (where message.sender = $1) as sent,
           count(*) filter (where message.sender <> $1) as received,
           count(distinct message.convo) as convos
         from log join message on message.convo = log.convo and message.id = log.message
         where log.account = $1 and log.rev >= $2 and log.type = 'createMessage'`,
        [uid, since],
      ),
      this.#sql.all<{ count: number }>(
        `select count(distinct log.convo) as count from log
         left join group_convo on group_convo.convo = log.convo
         where log.account = $1 and log.type = 'beginConvo' and log.convo >= $2
           and coalesce(
             group_convo.owner,
             (select sender from message where message.convo = log.convo order by message.id limit 1)) = $1`,
        [uid, since],
      ),
    ])
    const { sent: messagesSent, received: messagesReceived, convos } = counts[0]!
    return { messagesSent, messagesReceived, convos, convosStarted: started[0]!.count }
  }

  async events(page: { after: Tid; limit: number }): Promise<ModEvent[]> {
    const rows = await this.#sql.all<{ rev: Tid; event: string }>(
      'select rev, event from mod_event where rev > $1 order by rev limit $2',
      [page.after, page.limit],
    )
    return rows.map(({ rev, event }) => ({ rev, event: JSON.parse(event) as ModEvent['event'] }))
  }

  async eventHead(): Promise<Tid> {
    const [row] = await this.#sql.all<{ rev: Tid | null }>('select max(rev) as rev from mod_event', [])
    return row?.rev ?? 0
  }

  #view(messages: readonly Message[]): Promise<ViewedMessage[]> {
    return this.#messages.view(
      undefined,
      messages.map(message => ({ message, visibleFrom: 0 })),
    )
  }
}
