import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../../tid.ts'
import { idOf, type MemberStatus } from '../rows.ts'
import type { ConvoOverview, ListFilter, Membership, MessagePage } from '../store.ts'
import type { ViewedMessage } from '../viewed.ts'
import { messageKey } from '../working-set.ts'
import { MessageReads } from './message-reads.ts'
import {
  accountsIn,
  type MembershipTable,
  type MessageTable,
  membershipColumns,
  readMembership,
} from './row-readers.ts'
import type { Accounts, Sql, SqlValue } from './sql.ts'

const selectMembership = (table: string) =>
  `select ${membershipColumns} from ${table} left join group_convo on group_convo.convo = member.convo`

/** Most have deleted nothing in a convo, which is found out once and not for each message. */
const hasHiddenNone = 'not exists (select 1 from hidden_message where account = $4 and convo = $1)'

export interface MembershipsAsked {
  viewer: Did
  convoIds: readonly Tid[]
}

const memberStatuses: readonly MemberStatus[] = ['accepted', 'request']

/** The convos of a viewer, and what is in them. */
export class MembershipReads {
  readonly #sql: Sql
  readonly #accounts: Accounts
  readonly #messages: MessageReads

  constructor(sql: Sql, accounts: Accounts) {
    this.#sql = sql
    this.#accounts = accounts
    this.#messages = new MessageReads(sql, accounts)
  }

  async byIds(asked: readonly MembershipsAsked[]): Promise<Map<Tid, Membership>[]> {
    const uids = await Promise.all(asked.map(({ viewer }) => this.#accounts.find(viewer)))
    const pairs = asked.flatMap(({ convoIds }, i) => {
      const uid = uids[i]
      return uid === undefined ? [] : convoIds.map(convoId => ({ convoId, uid }))
    })
    if (pairs.length === 0) return asked.map(() => new Map())
    const found = await this.#read(
      `${selectMembership('member')}
       where member.rev > 0 and ${this.#sql.dialect.amongPairs(['member.convo', 'member.account'], '$1', '$2')}`,
      [pairs.map(({ convoId }) => convoId), pairs.map(({ uid }) => uid)],
    )
    const byViewer = Map.groupBy(found, ({ viewer }) => viewer.did)
    return asked.map(({ viewer, convoIds }) => {
      const byId = new Map(byViewer.get(viewer)?.map(membership => [membership.convo.id, membership]))
      return new Map(convoIds.flatMap(id => (byId.has(id) ? [[id, byId.get(id)!]] : [])))
    })
  }

  async direct(viewer: Did, other: Did): Promise<Membership | undefined> {
    const uid = await this.#accounts.find(viewer)
    const pair = [viewer, other].sort().map(did => this.#accounts.find(did))
    const [low, high] = await Promise.all(pair)
    if (uid === undefined || low === undefined || high === undefined) return undefined
    const [membership] = await this.#read(
      `${selectMembership('member')}
       where member.account = $1 and member.rev > 0
         and member.convo = (select convo from direct_convo where low = $2 and high = $3)`,
      [uid, low, high],
    )
    return membership
  }

  /** The index has the revs of each status in order: the newest are among the newest of both. */
  async list(viewer: Did, filter: ListFilter): Promise<Membership[]> {
    if (filter.status || filter.unread) return this.#list(viewer, filter)
    const lists = await Promise.all(memberStatuses.map(status => this.#list(viewer, { ...filter, status })))
    return lists
      .flat()
      .sort((a, b) => b.viewer.rev - a.viewer.rev)
      .slice(0, filter.limit)
  }

  async #list(viewer: Did, filter: ListFilter): Promise<Membership[]> {
    const uid = await this.#accounts.find(viewer)
    if (uid === undefined) return []
    const values: SqlValue[] = [uid, filter.before ?? Number.MAX_SAFE_INTEGER, filter.limit]
    const given = (value: SqlValue) => `$${values.push(value)}`
    // Texts of their own, so that each walks its own index.
    const unread = 'and (member.unread > 0 or member.unread_requests > 0)'
    const conditions = [
      filter.unread ? unread : '',
      filter.status ? `and member.status = ${given(filter.status)}` : '',
      filter.unmuted ? 'and member.muted = 0' : '',
      filter.kind ? `and group_convo.name is ${filter.kind === 'group' ? 'not' : ''} null` : '',
      filter.lock ? `and coalesce(group_convo.lock, 'unlocked') = ${given(filter.lock)}` : '',
      filter.sharedWith === undefined
        ? ''
        : `and group_convo.name is not null and exists (
             select 1 from member as other where other.convo = member.convo
               and other.account = ${given((await this.#accounts.find(filter.sharedWith)) ?? 0)})`,
    ]
    return this.#read(
      `${selectMembership(filter.unread ? this.#sql.dialect.unreadMember : 'member')}
       where member.account = $1 and member.listed = 1 and member.rev > 0 and member.rev < $2
         ${conditions.filter(Boolean).join(' ')}
       order by member.rev desc limit $3`,
      values,
    )
  }

  async all(viewer: Did, page: { after: Tid; limit: number }): Promise<Membership[]> {
    return this.#read(
      `${selectMembership('member')}
       where member.account = $1 and member.listed = 1 and member.rev > 0 and member.convo > $2
       order by member.convo limit $3`,
      [(await this.#accounts.find(viewer)) ?? 0, page.after, page.limit],
    )
  }

  async overviews(memberships: readonly Membership[]): Promise<ConvoOverview[]> {
    const byViewer = Map.groupBy(memberships, ({ viewer }) => viewer.did)
    const found = await Promise.all([...byViewer].map(([did, own]) => this.#overviewsOf(did, own)))
    const byMembership = new Map(found.flat())
    return memberships.map(membership => byMembership.get(membership)!)
  }

  async message({ convo, viewer }: Membership, messageId: Tid): Promise<ViewedMessage | undefined> {
    const { did, visibleFrom } = viewer
    if (messageId <= visibleFrom) return undefined
    const found = await this.#messages.load([{ convoId: convo.id, messageId }])
    const [viewed] = await this.#messages.view(
      did,
      found.map(message => ({ message, visibleFrom })),
    )
    return viewed
  }

  async messages({ convo, viewer }: Membership, page: MessagePage): Promise<ViewedMessage[]> {
    const { did, visibleFrom } = viewer
    const { dialect } = this.#sql
    const [uid, without] = await Promise.all([
      this.#accounts.find(did),
      this.#accounts.findAll(page.withoutSenders ?? []),
    ])
    const columns = { convo: 'message.convo', id: 'message.id' }
    const isWithout = without.length > 0 ? `and not ${dialect.among('sender', '$6')}` : ''
    const rows = await this.#sql.all<MessageTable>(
      `select * from message
       where convo = $1 and id > $2 and id < $3 and (event is not null or (body is not null ${isWithout}))
         and (${hasHiddenNone} or not ${dialect.isHidden(columns, '$4')})
       order by id desc limit $5`,
      [
        convo.id,
        visibleFrom,
        page.before ?? Number.MAX_SAFE_INTEGER,
        uid ?? 0,
        page.limit,
        ...(without.length > 0 ? [without] : []),
      ],
    )
    const messages = await this.#messages.read(rows)
    return this.#messages.viewPage(
      did,
      messages.map(message => ({ message, visibleFrom })),
    )
  }

  /** The last message and the last reaction of each, for all at once. */
  async #overviewsOf(did: Did, memberships: readonly Membership[]): Promise<[Membership, ConvoOverview][]> {
    const reacted = await this.#lastReactions(did, memberships)
    const last = memberships.map(({ convo, viewer }) => ({
      convoId: convo.id,
      messageId: viewer.lastMessage,
    }))
    const about = [...reacted.values()].map(({ convo, message }) => ({ convoId: convo, messageId: message }))
    const wanted = new Map([...last, ...about].map(id => [messageKey(id), id]))
    const visibleFrom = new Map(memberships.map(({ convo, viewer }) => [convo.id, viewer.visibleFrom]))
    const messages = await this.#messages.load([...wanted.values()].filter(({ messageId }) => messageId > 0))
    const viewed = await this.#messages.view(
      did,
      messages.map(message => ({ message, visibleFrom: visibleFrom.get(message.convoId)! })),
    )
    const views = new Map(viewed.map(view => [messageKey(idOf(view.message)), view]))
    return memberships.map(membership => {
      const { convo, viewer } = membership
      const lastMessage = views.get(messageKey({ convoId: convo.id, messageId: viewer.lastMessage }))
      const newest = reacted.get(convo.id)
      const message = newest && views.get(messageKey({ convoId: convo.id, messageId: newest.message }))
      const reaction = message?.reactions.find(({ rev }) => rev === newest?.rev)
      const overview = {
        ...membership,
        ...(lastMessage && { lastMessage }),
        ...(message && reaction && { lastReaction: { message, reaction } }),
      }
      return [membership, overview]
    })
  }

  /** The newest reaction that the viewer sees, by convo. */
  async #lastReactions(did: Did, memberships: readonly Membership[]) {
    const { dialect } = this.#sql
    const isHidden = dialect.isHidden({ convo: 'newest.convo', id: 'newest.message' }, 'member.account')
    const rows = await this.#sql.all<{ convo: Tid; message: Tid; rev: Tid }>(
      `select reaction.convo, reaction.message, reaction.rev from member
       join reaction on reaction.convo = member.convo and reaction.rev = (
         select newest.rev from reaction as newest
         where newest.convo = member.convo and newest.rev > member.visible_from
           and newest.message > member.visible_from and not ${isHidden}
         order by newest.rev desc limit 1)
       where member.account = $1 and ${dialect.among('member.convo', '$2')}`,
      [(await this.#accounts.find(did)) ?? 0, memberships.map(({ convo }) => convo.id)],
    )
    return new Map(rows.map(row => [row.convo, row]))
  }

  async #read(text: string, values: readonly SqlValue[]): Promise<Membership[]> {
    const rows = await this.#sql.all<MembershipTable>(text, values)
    await this.#accounts.meet(accountsIn(rows))
    return rows.map(row => readMembership(this.#accounts, row))
  }
}
