import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../../tid.ts'
import type { Account, GroupConvo, JoinRequest } from '../rows.ts'
import type {
  ConvoOverview,
  ListFilter,
  LogEntry,
  Membership,
  MessagePage,
  OwnJoinRequest,
  StoreReader,
} from '../store.ts'
import type { GroupMember, ViewedMessage } from '../viewed.ts'
import { GroupReads } from './group-reads.ts'
import { LogReads } from './log-reads.ts'
import { MembershipReads, type MembershipsAsked } from './membership-reads.ts'
import { ModerationReads } from './moderation-reads.ts'
import { type AccountTable, readAccount } from './row-readers.ts'
import type { Accounts, Sql } from './sql.ts'

/**
 * What viewers read of an SQL database. Every question starts from the viewer's own rows. A question may take
 * several statements and a commit may come between them: each must bear what is gone since the one before.
 */
export class SqlReader implements StoreReader {
  readonly #sql: Sql
  readonly #accounts: Accounts
  readonly #memberships: MembershipReads
  readonly #log: LogReads
  readonly #groups: GroupReads
  readonly forModerators: ModerationReads

  constructor(sql: Sql, accounts: Accounts) {
    this.#sql = sql
    this.#accounts = accounts
    this.#memberships = new MembershipReads(sql, accounts)
    this.#log = new LogReads(sql, accounts)
    this.#groups = new GroupReads(sql, accounts)
    this.forModerators = new ModerationReads(sql, accounts)
  }

  async memberships(viewer: Did, convoIds: readonly Tid[]): Promise<Map<Tid, Membership>> {
    const [found] = await this.membershipsOfAll([{ viewer, convoIds }])
    return found!
  }

  /** For several viewers at once. */
  membershipsOfAll(asked: readonly MembershipsAsked[]): Promise<Map<Tid, Membership>[]> {
    return this.#memberships.byIds(asked)
  }

  directMembership(viewer: Did, other: Did): Promise<Membership | undefined> {
    return this.#memberships.direct(viewer, other)
  }

  overviews(memberships: readonly Membership[]): Promise<ConvoOverview[]> {
    return this.#memberships.overviews(memberships)
  }

  listMemberships(viewer: Did, filter: ListFilter): Promise<Membership[]> {
    return this.#memberships.list(viewer, filter)
  }

  allMemberships(viewer: Did, page: { after: Tid; limit: number }): Promise<Membership[]> {
    return this.#memberships.all(viewer, page)
  }

  message(membership: Membership, messageId: Tid): Promise<ViewedMessage | undefined> {
    return this.#memberships.message(membership, messageId)
  }

  messages(membership: Membership, page: MessagePage): Promise<ViewedMessage[]> {
    return this.#memberships.messages(membership, page)
  }

  log(viewer: Did, page: { after: Tid; limit: number }): Promise<LogEntry[]> {
    return this.#log.rows(viewer, page)
  }

  async logHead(viewer: Did): Promise<Tid> {
    const [head] = await this.logHeads([viewer])
    return head!
  }

  /** For several viewers at once. */
  logHeads(viewers: readonly Did[]): Promise<Tid[]> {
    return this.#log.heads(viewers)
  }

  logRevAt(did: Did, rows: number): Promise<Tid | undefined> {
    return this.#log.revAt(did, rows)
  }

  convosEver(did: Did, page: { after: Tid; limit: number }): Promise<Tid[]> {
    return this.#log.convosEver(did, page)
  }

  async disabledAmong(dids: readonly Did[]): Promise<Set<Did>> {
    const rows = await this.#sql.all<{ did: Did }>(
      `select did from account where ${this.#sql.dialect.among('did', '$1')} and chat_disabled = 1`,
      [dids],
    )
    return new Set(rows.map(({ did }) => did))
  }

  async account(did: Did): Promise<Account> {
    const [row] = await this.#sql.all<AccountTable>(
      'select chat_disabled, notifications from account where did = $1',
      [did],
    )
    return row ? readAccount(did, row) : { did, chatDisabled: false }
  }

  groupMembers({ convo }: Membership, page: { after?: Tid; limit: number }): Promise<GroupMember[]> {
    return this.#groups.members(convo.id, page)
  }

  membersAmong({ convo }: Membership, dids: readonly Did[]): Promise<GroupMember[]> {
    return this.#groups.membersAmong(convo.id, dids)
  }

  groupsByCode(codes: readonly string[]): Promise<Map<string, GroupConvo>> {
    return this.#groups.byCode(codes)
  }

  joinRequests({ convo }: Membership, page: { before?: Tid; limit: number }): Promise<JoinRequest[]> {
    return this.#groups.joinRequests(convo.id, page)
  }

  ownJoinRequests(viewer: Did, page: { before?: Tid; limit: number }): Promise<OwnJoinRequest[]> {
    return this.#groups.ownJoinRequests(viewer, page)
  }

  requestedAt(viewer: Did, convoIds: readonly Tid[]): Promise<Map<Tid, Tid>> {
    return this.#groups.requestedAt(viewer, convoIds)
  }

  async writtenBy(did: Did, convoId: Tid, page: { after: Tid; limit: number }): Promise<Tid[]> {
    const rows = await this.#sql.all<{ id: Tid }>(
      `select id from message
       where convo = $1 and sender = $2 and id > $3 and body is not null order by id limit $4`,
      [convoId, (await this.#accounts.find(did)) ?? 0, page.after, page.limit],
    )
    return rows.map(row => row.id)
  }
}
