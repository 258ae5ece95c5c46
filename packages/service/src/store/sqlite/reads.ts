import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../../tid.ts'
import type { Convo, Member, Message } from '../rows.ts'
import type {
  ConvoOverview,
  ListFilter,
  LogEntry,
  Membership,
  MessagePage,
  SeenMessage,
  ViewedMessage,
} from '../store.ts'
import type { Accounts } from './accounts.ts'
import { findDirect, loadHidden, loadMembers, loadMessages, loadReactions } from './load.ts'
import { type LogTable, type MessageTable, readLogRow, readMessage } from './row-readers.ts'
import type { Statements } from './statements.ts'

/** What viewers read. Every question starts from the viewer's own rows. */
export class Reads {
  readonly #sql: Statements
  readonly #accounts: Accounts

  constructor(sql: Statements, accounts: Accounts) {
    this.#sql = sql
    this.#accounts = accounts
  }

  membership(viewer: Did, convoId: Tid): Membership | undefined {
    const members = loadMembers(this.#sql, this.#accounts, convoId)
    const own = members.find(member => member.did === viewer)
    if (!own || own.rev === 0) return undefined
    const convo = this.#sql.get<Convo>('select id, kind from convo where id = ?', convoId)!
    return { convo, viewer: own, members: members.map(member => member.did).sort() }
  }

  directMembership(viewer: Did, other: Did): Membership | undefined {
    const convoId = findDirect(this.#sql, this.#accounts, viewer, other)
    return convoId === undefined ? undefined : this.membership(viewer, convoId)
  }

  listMemberships(viewer: Did, filter: ListFilter): Membership[] {
    const uid = this.#accounts.uid(viewer)
    if (uid === undefined) return []
    // Texts of their own, so that each walks its own index.
    const unread = filter.unread ? 'and unread > 0' : ''
    const status = filter.status ? 'and status = ?3' : 'and ?3 is null'
    const rows = this.#sql.all<{ convo: Tid }>(
      `select convo from member
       where account = ?1 and listed = 1 ${unread} ${status} and rev < ?2 and (?4 = 0 or muted = 0)
       order by rev desc limit ?5`,
      uid,
      filter.before ?? Number.MAX_SAFE_INTEGER,
      filter.status ?? null,
      Number(filter.unmuted ?? false),
      filter.limit,
    )
    return rows.map(row => this.membership(viewer, row.convo)!)
  }

  overview(membership: Membership): ConvoOverview {
    const { convo, viewer } = membership
    const last = viewer.lastMessage === 0 ? undefined : this.#viewById(viewer, viewer.lastMessage)
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
    const message = reacted && this.#viewById(viewer, reacted.message)
    const reaction = message?.reactions.find(reaction => reaction.rev === reacted?.rev)
    return {
      ...membership,
      ...(last && { lastMessage: last }),
      ...(message && reaction && { lastReaction: { message, reaction } }),
    }
  }

  message({ convo, viewer }: Membership, messageId: Tid): ViewedMessage | undefined {
    if (messageId <= viewer.visibleFrom) return undefined
    const viewed = this.#viewById(viewer, messageId)
    return viewed?.message.convoId === convo.id ? viewed : undefined
  }

  messages({ convo, viewer }: Membership, page: MessagePage): ViewedMessage[] {
    const without = (page.withoutSenders ?? []).map(did => this.#accounts.uid(did) ?? 0)
    const rows = this.#sql.all<MessageTable>(
      `select * from message
       where convo = ?1 and id > ?2 and id < ?3
         and sender not in (select value from json_each(?4))
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
    return this.#view(
      did,
      rows.map(row => ({ message: readMessage(this.#accounts, row), visibleFrom })),
    )
  }

  log(viewer: Did, page: { after: Tid; limit: number }): LogEntry[] {
    const uid = this.#accounts.uid(viewer)
    if (uid === undefined) return []
    const rows = this.#sql.all<LogTable & { visible_from: Tid | null }>(
      `select log.rev, log.type, log.convo, log.message, log.reaction, member.visible_from from log
       left join member on member.convo = log.convo and member.account = log.account
       where log.account = ?1 and log.rev > ?2 and (log.message is null or log.message > member.visible_from)
       order by log.rev limit ?3`,
      uid,
      page.after,
      page.limit,
    )
    const messages = this.#load(rows.flatMap(row => row.message ?? []))
    const visibleFrom = new Map(rows.map(row => [row.message, row.visible_from ?? 0]))
    const viewed = this.#view(
      viewer,
      messages.map(message => ({ message, visibleFrom: visibleFrom.get(message.id) ?? 0 })),
    )
    const byId = new Map(viewed.map(message => [message.message.id, message]))
    return rows.map(table => {
      const message = table.message === null ? undefined : byId.get(table.message)
      return { row: readLogRow(viewer, table), ...(message && { message }) }
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

  /** Messages as one viewer sees them, what belongs to them fetched for all at once. */
  #view(viewer: Did, asked: readonly { message: Message; visibleFrom: Tid }[]): ViewedMessage[] {
    if (asked.length === 0) return []
    const replies = asked.flatMap(({ message }) => message.body.replyTo ?? [])
    const targets = new Map(this.#load(replies).map(target => [target.id, target]))
    const ids = [...asked.map(({ message }) => message.id), ...targets.keys()]
    const reactions = Map.groupBy(
      loadReactions(this.#sql, this.#accounts, ids),
      reaction => reaction.messageId,
    )
    const hidden = loadHidden(this.#sql, this.#accounts, viewer, ids)
    const seen = (message: Message): SeenMessage => ({
      message,
      reactions: reactions.get(message.id) ?? [],
      hidden: hidden.has(message.id),
    })
    return asked.map(({ message, visibleFrom }) => {
      const target = message.body.replyTo === undefined ? undefined : targets.get(message.body.replyTo)
      if (!target) return seen(message)
      return { ...seen(message), replyTo: { ...seen(target), outOfSight: target.id <= visibleFrom } }
    })
  }

  #viewById({ did, visibleFrom }: Member, messageId: Tid): ViewedMessage | undefined {
    const [message] = this.#load([messageId])
    return message && this.#view(did, [{ message, visibleFrom }])[0]
  }

  #load(ids: readonly Tid[]): Message[] {
    return ids.length === 0 ? [] : loadMessages(this.#sql, this.#accounts, ids)
  }
}
