import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../../tid.ts'
import { idOf } from '../rows.ts'
import type { LogEntry } from '../store.ts'
import { messageKey } from '../working-set.ts'
import { MessageReads } from './message-reads.ts'
import { accountsIn, type LogTable, type MessageTable, readLogRow, readMessage } from './row-readers.ts'
import type { Accounts, Sql } from './sql.ts'

/** A row with the message it is about, where there is one. */
type LogRowTable = LogTable &
  Pick<MessageTable, 'sender' | 'body' | 'event'> & { message_rev: Tid; visible_from: Tid | null }

/** Each account's own log. */
export class LogReads {
  readonly #sql: Sql
  readonly #accounts: Accounts
  readonly #messages: MessageReads

  constructor(sql: Sql, accounts: Accounts) {
    this.#sql = sql
    this.#accounts = accounts
    this.#messages = new MessageReads(sql, accounts)
  }

  async rows(viewer: Did, page: { after: Tid; limit: number }): Promise<LogEntry[]> {
    const uid = await this.#accounts.find(viewer)
    if (uid === undefined) return []
    const rows = await this.#sql.all<LogRowTable>(
      `select log.rev, log.type, log.convo, log.message, log.reaction, log.member,
         member.visible_from, message.rev as message_rev, message.sender, message.body, message.event
       from log
       left join member on member.convo = log.convo and member.account = log.account
       left join message on message.convo = log.convo and message.id = log.message
       where log.account = $1 and log.rev > $2 and (log.message is null or log.message > member.visible_from)
       order by log.rev limit $3`,
      [uid, page.after, page.limit],
    )
    await this.#accounts.meet(accountsIn(rows))
    // Several rows may be about one message.
    const about = new Map(
      rows
        .filter(row => row.message !== null)
        .map(row => [keyOf(row), { message: this.#messageOf(row), visibleFrom: row.visible_from! }]),
    )
    const viewed = await this.#messages.view(viewer, [...about.values()])
    const byKey = new Map(viewed.map(view => [messageKey(idOf(view.message)), view]))
    return rows.map(table => {
      const message = table.message === null ? undefined : byKey.get(keyOf(table))
      return { row: readLogRow(this.#accounts, viewer, table), ...(message && { message }) }
    })
  }

  async heads(viewers: readonly Did[]): Promise<Tid[]> {
    const uids = await Promise.all(viewers.map(did => this.#accounts.find(did)))
    const rows = await this.#sql.all<{ uid: number; rev: Tid | null }>(
      `select uid, (select max(rev) from log where log.account = account.uid) as rev
       from account where ${this.#sql.dialect.among('uid', '$1')}`,
      [uids.filter(uid => uid !== undefined)],
    )
    const revs = new Map(rows.map(({ uid, rev }) => [uid, rev ?? 0]))
    return uids.map(uid => revs.get(uid ?? 0) ?? 0)
  }

  async revAt(did: Did, rows: number): Promise<Tid | undefined> {
    const [row] = await this.#sql.all<{ rev: Tid }>(
      'select rev from log where account = $1 order by rev limit 1 offset $2',
      [(await this.#accounts.find(did)) ?? 0, rows],
    )
    return row?.rev
  }

  async convosEver(did: Did, page: { after: Tid; limit: number }): Promise<Tid[]> {
    const rows = await this.#sql.all<{ convo: Tid }>(
      `select distinct convo from log where account = $1 and type = 'beginConvo' and convo > $2
       order by convo limit $3`,
      [(await this.#accounts.find(did)) ?? 0, page.after, page.limit],
    )
    return rows.map(row => row.convo)
  }

  #messageOf(row: LogRowTable) {
    return readMessage(this.#accounts, { ...row, id: row.message!, rev: row.message_rev })
  }
}

function keyOf({ convo, message }: LogRowTable): string {
  return messageKey({ convoId: convo, messageId: message! })
}
