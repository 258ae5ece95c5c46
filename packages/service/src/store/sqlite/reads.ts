import type { Did } from '@atcute/lexicons/syntax'
import { convoViewMembersMax } from '../../limits.ts'
import type { Tid } from '../../tid.ts'
import type { ConvoOverview, ListFilter, LogEntry, Membership, MessagePage } from '../store.ts'
import type { ViewedMessage } from '../viewed.ts'
import type { Accounts } from './accounts.ts'
import { findDirect, loadConvo } from './load.ts'
import { MessageReads } from './message-reads.ts'
import {
  type LogTable,
  type MemberTable,
  type MessageTable,
  readLogRow,
  readMember,
  readMessage,
} from './row-readers.ts'
import type { Statements } from './statements.ts'

/** What viewers read. Every question starts from the viewer's own rows. */
export class Reads {
  readonly #sql: Statements
  readonly #accounts: Accounts
  readonly #messages: MessageReads

  constructor(sql: Statements, accounts: Accounts) {
    this.#sql = sql
    this.#accounts = accounts
    this.#messages = new MessageReads(sql, accounts)
  }

  membership(viewer: Did, convoId: Tid): Membership | undefined {
    const own = this.#sql.get<MemberTable>(
      'select * from member where convo = ? and account = ? and rev > 0',
      convoId,
      this.#accounts.uid(viewer) ?? 0,
    )
    if (!own) return undefined
    const convo = loadConvo(this.#sql, this.#accounts, convoId)!
    const members = this.#sql
      .all<{ account: number }>(
        'select account from member where convo = ? order by joined, account limit ?',
        convoId,
        convoViewMembersMax,
      )
      .map(row => this.#accounts.did(row.account))
    return {
      convo,
      viewer: readMember(this.#accounts, own),
      members,
    }
  }

  directMembership(viewer: Did, other: Did): Membership | undefined {
    const convoId = findDirect(this.#sql, this.#accounts, viewer, other)
    return convoId === undefined ? undefined : this.membership(viewer, convoId)
  }

  listMemberships(viewer: Did, filter: ListFilter): Membership[] {
    const uid = this.#accounts.uid(viewer)
    if (uid === undefined) return []
    // Texts of their own, so that each walks its own index. That few convos are unread SQLite does not know.
    const source = filter.unread ? 'member indexed by member_unread' : 'member'
    const unread = filter.unread ? 'and (unread > 0 or unread_requests > 0)' : ''
    const status = filter.status ? 'and status = ?3' : 'and ?3 is null'
    const likes = filter.kind || filter.lock || filter.sharedWith ? likeness : ''
    const rows = this.#sql.all<{ convo: Tid }>(
      `select convo from ${source}
       where account = ?1 and listed = 1 ${unread} ${status} and rev < ?2 and (?4 = 0 or muted = 0) ${likes}
       order by rev desc limit ?5`,
      uid,
      filter.before ?? Number.MAX_SAFE_INTEGER,
      filter.status ?? null,
      Number(filter.unmuted ?? false),
      filter.limit,
      ...(likes ? this.#likenessOf(filter) : []),
    )
    return rows.map(row => this.membership(viewer, row.convo)!)
  }

  allMemberships(viewer: Did, page: { after: Tid; limit: number }): Membership[] {
    const rows = this.#sql.all<{ convo: Tid }>(
      'select convo from member where account = ? and listed = 1 and convo > ? order by convo limit ?',
      this.#accounts.uid(viewer) ?? 0,
      page.after,
      page.limit,
    )
    return rows.map(row => this.membership(viewer, row.convo)!)
  }

  #likenessOf(filter: ListFilter): [string | null, string | null, number | null] {
    const { kind, lock, sharedWith } = filter
    return [kind ?? null, lock ?? null, sharedWith ? (this.#accounts.uid(sharedWith) ?? 0) : null]
  }

  overview(membership: Membership): ConvoOverview {
    const { convo, viewer } = membership
    const last = viewer.lastMessage === 0 ? undefined : this.#messages.byId(viewer, viewer.lastMessage)
    const reacted = this.#sql.get<{ message: Tid; rev: Tid }>(
      `select message, rev from reaction
       where convo = ?1 and rev > ?2 and message > ?2 and not exists (
         select 1 from hidden_message
         where hidden_message.account = ?3 and hidden_message.message = reaction.message)
       order by rev desc limit 1`,
      convo.id,
      viewer.visibleFrom,
      this.#accounts.uid(viewer.did)!,
    )
    const message = reacted && this.#messages.byId(viewer, reacted.message)
    const reaction = message?.reactions.find(reaction => reaction.rev === reacted?.rev)
    return {
      ...membership,
      ...(last && { lastMessage: last }),
      ...(message && reaction && { lastReaction: { message, reaction } }),
    }
  }

  message({ convo, viewer }: Membership, messageId: Tid): ViewedMessage | undefined {
    if (messageId <= viewer.visibleFrom) return undefined
    const viewed = this.#messages.byId(viewer, messageId)
    return viewed?.message.convoId === convo.id ? viewed : undefined
  }

  messages({ convo, viewer }: Membership, page: MessagePage): ViewedMessage[] {
    const without = (page.withoutSenders ?? []).map(did => this.#accounts.uid(did) ?? 0)
    const rows = this.#sql.all<MessageTable>(
      `select * from message
       where convo = ?1 and id > ?2 and id < ?3
         and (event is not null or (body is not null and sender not in (select value from json_each(?4))))
         and not exists (
           select 1 from hidden_message
           where hidden_message.account = ?5 and hidden_message.message = message.id)
       order by id desc limit ?6`,
      convo.id,
      viewer.visibleFrom,
      page.before ?? Number.MAX_SAFE_INTEGER,
      JSON.stringify(without),
      this.#accounts.uid(viewer.did)!,
      page.limit,
    )
    const { did, visibleFrom } = viewer
    return this.#messages.view(
      did,
      rows.map(row => ({ message: readMessage(this.#accounts, row), visibleFrom })),
    )
  }

  log(viewer: Did, page: { after: Tid; limit: number }): LogEntry[] {
    const uid = this.#accounts.uid(viewer)
    if (uid === undefined) return []
    const rows = this.#sql.all<LogTable & { visible_from: Tid | null }>(
      `select log.rev, log.type, log.convo, log.message, log.reaction, log.member,
         member.visible_from from log
       left join member on member.convo = log.convo and member.account = log.account
       where log.account = ?1 and log.rev > ?2 and (log.message is null or log.message > member.visible_from)
       order by log.rev limit ?3`,
      uid,
      page.after,
      page.limit,
    )
    const messages = this.#messages.load(rows.flatMap(row => row.message ?? []))
    const visibleFrom = new Map(rows.map(row => [row.message, row.visible_from ?? 0]))
    const viewed = this.#messages.view(
      viewer,
      messages.map(message => ({ message, visibleFrom: visibleFrom.get(message.id) ?? 0 })),
    )
    const byId = new Map(viewed.map(message => [message.message.id, message]))
    return rows.map(table => {
      const message = table.message === null ? undefined : byId.get(table.message)
      return { row: readLogRow(this.#accounts, viewer, table), ...(message && { message }) }
    })
  }

  logHead(viewer: Did): Tid {
    const uid = this.#accounts.uid(viewer)
    if (uid === undefined) return 0
    const row = this.#sql.get<{ rev: Tid | null }>('select max(rev) as rev from log where account = ?', uid)
    return row?.rev ?? 0
  }

  isDisabled(did: Did): boolean {
    const uid = this.#accounts.uid(did)
    if (uid === undefined) return false
    return this.#sql.get('select 1 from account where uid = ? and chat_disabled = 1', uid) !== undefined
  }

  convosEver(did: Did, page: { after: Tid; limit: number }): Tid[] {
    const rows = this.#sql.all<{ convo: Tid }>(
      `select distinct convo from log where account = ? and type = 'beginConvo' and convo > ?
       order by convo limit ?`,
      this.#accounts.uid(did) ?? 0,
      page.after,
      page.limit,
    )
    return rows.map(row => row.convo)
  }

  writtenBy(did: Did, convoId: Tid, page: { after: Tid; limit: number }): Tid[] {
    const rows = this.#sql.all<{ id: Tid }>(
      `select id from message
       where convo = ? and sender = ? and id > ? and body is not null order by id limit ?`,
      convoId,
      this.#accounts.uid(did) ?? 0,
      page.after,
      page.limit,
    )
    return rows.map(row => row.id)
  }

  logRevAt(did: Did, rows: number): Tid | undefined {
    const row = this.#sql.get<{ rev: Tid }>(
      'select rev from log where account = ? order by rev limit 1 offset ?',
      this.#accounts.uid(did) ?? 0,
      rows,
    )
    return row?.rev
  }
}

/** Conditions on the convo that a membership is of. */
const likeness = `
  and (?6 is null or ?6 = (select kind from convo where convo.id = member.convo))
  and (?7 is null or ?7 = coalesce(
    (select lock from group_convo where group_convo.convo = member.convo), 'unlocked'))
  and (?8 is null or (
    exists (select 1 from group_convo where group_convo.convo = member.convo)
    and exists (select 1 from member as other where other.convo = member.convo and other.account = ?8)))`
