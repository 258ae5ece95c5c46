import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../../tid.ts'
import type { GroupConvo, JoinRequest } from '../rows.ts'
import type { OwnJoinRequest } from '../store.ts'
import type { GroupMember } from '../viewed.ts'
import { accountsIn, type GroupTable, type MemberTable, readGroup, readGroupMember } from './row-readers.ts'
import type { Accounts, Sql } from './sql.ts'

type RequestTable = { convo: Tid; account: number; requested_at: Tid }
type Page = { before?: Tid; limit: number }

/** Who is in a group, who asks to be, and what its link tells. */
export class GroupReads {
  readonly #sql: Sql
  readonly #accounts: Accounts

  constructor(sql: Sql, accounts: Accounts) {
    this.#sql = sql
    this.#accounts = accounts
  }

  async members(convoId: Tid, page: { after?: Tid; limit: number }): Promise<GroupMember[]> {
    const rows = await this.#sql.all<MemberTable>(
      'select * from member where convo = $1 and joined > $2 order by joined, account limit $3',
      [convoId, page.after ?? -1, Math.min(page.limit, Number.MAX_SAFE_INTEGER)],
    )
    return this.#groupMembers(rows)
  }

  async membersAmong(convoId: Tid, dids: readonly Did[]): Promise<GroupMember[]> {
    const uids = await this.#accounts.findAll(dids)
    const rows = await this.#sql.all<MemberTable>(
      `select * from member where convo = $1 and ${this.#sql.dialect.among('account', '$2')} order by joined`,
      [convoId, uids],
    )
    return this.#groupMembers(rows)
  }

  async byCode(codes: readonly string[]): Promise<Map<string, GroupConvo>> {
    const rows = await this.#sql.all<GroupTable>(
      `select * from group_convo where ${this.#sql.dialect.among('link_code', '$1')}`,
      [codes],
    )
    await this.#accounts.meet(accountsIn(rows))
    const groups = rows.map(row => readGroup(this.#accounts, row))
    return new Map(groups.map(group => [group.link!.code, group]))
  }

  async joinRequests(convoId: Tid, page: Page): Promise<JoinRequest[]> {
    const rows = await this.#sql.all<RequestTable>(
      `select * from join_request where convo = $1 and requested_at < $2
       order by requested_at desc limit $3`,
      [convoId, page.before ?? Number.MAX_SAFE_INTEGER, page.limit],
    )
    await this.#accounts.meet(accountsIn(rows))
    return rows.map(row => ({
      convoId,
      did: this.#accounts.did(row.account),
      requestedAt: row.requested_at,
    }))
  }

  async ownJoinRequests(viewer: Did, page: Page): Promise<OwnJoinRequest[]> {
    const rows = await this.#sql.all<GroupTable & RequestTable>(
      `select group_convo.*, requested_at from join_request
       join group_convo on group_convo.convo = join_request.convo
       where account = $1 and requested_at < $2 order by requested_at desc limit $3`,
      [(await this.#accounts.find(viewer)) ?? 0, page.before ?? Number.MAX_SAFE_INTEGER, page.limit],
    )
    await this.#accounts.meet(accountsIn(rows))
    return rows.map(row => ({ convo: readGroup(this.#accounts, row), requestedAt: row.requested_at }))
  }

  async requestedAt(viewer: Did, convoIds: readonly Tid[]): Promise<Map<Tid, Tid>> {
    const rows = await this.#sql.all<RequestTable>(
      `select * from join_request where account = $1 and ${this.#sql.dialect.among('convo', '$2')}`,
      [(await this.#accounts.find(viewer)) ?? 0, convoIds],
    )
    return new Map(rows.map(row => [row.convo, row.requested_at]))
  }

  async #groupMembers(rows: readonly MemberTable[]): Promise<GroupMember[]> {
    await this.#accounts.meet(accountsIn(rows))
    return rows.map(row => readGroupMember(this.#accounts, row))
  }
}
