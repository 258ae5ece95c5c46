import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../../tid.ts'
import type { GroupConvo, JoinRequest } from '../rows.ts'
import type { OwnJoinRequest } from '../store.ts'
import type { GroupMember } from '../viewed.ts'
import type { Accounts } from './accounts.ts'
import { type GroupTable, type MemberTable, readGroup, readGroupMember } from './row-readers.ts'
import type { Statements } from './statements.ts'

type RequestTable = { convo: Tid; account: number; requested_at: Tid }
type Page = { before?: Tid; limit: number }

/** Who is in a group, who asks to be, and what its link tells. */
export class GroupReads {
  readonly #sql: Statements
  readonly #accounts: Accounts

  constructor(sql: Statements, accounts: Accounts) {
    this.#sql = sql
    this.#accounts = accounts
  }

  members(convoId: Tid, page: { after?: Tid; limit: number }): GroupMember[] {
    const rows = this.#sql.all<MemberTable>(
      'select * from member where convo = ? and joined > ? order by joined, account limit ?',
      convoId,
      page.after ?? -1,
      page.limit,
    )
    return rows.map(row => readGroupMember(this.#accounts, row))
  }

  membersAmong(convoId: Tid, dids: readonly Did[]): GroupMember[] {
    const rows = this.#sql.all<MemberTable>(
      `select * from member where convo = ? and account in (select value from json_each(?)) order by joined`,
      convoId,
      JSON.stringify(dids.flatMap(did => this.#accounts.uid(did) ?? [])),
    )
    return rows.map(row => readGroupMember(this.#accounts, row))
  }

  byCode(codes: readonly string[]): Map<string, GroupConvo> {
    const rows = this.#sql.all<GroupTable>(
      'select * from group_convo where link_code in (select value from json_each(?))',
      JSON.stringify(codes),
    )
    const groups = rows.map(row => readGroup(this.#accounts, row))
    return new Map(groups.map(group => [group.link!.code, group]))
  }

  joinRequests(convoId: Tid, page: Page): JoinRequest[] {
    const rows = this.#sql.all<RequestTable>(
      'select * from join_request where convo = ? and requested_at < ? order by requested_at desc limit ?',
      convoId,
      page.before ?? Number.MAX_SAFE_INTEGER,
      page.limit,
    )
    return rows.map(row => ({
      convoId,
      did: this.#accounts.did(row.account),
      requestedAt: row.requested_at,
    }))
  }

  ownJoinRequests(viewer: Did, page: Page): OwnJoinRequest[] {
    const rows = this.#sql.all<GroupTable & RequestTable>(
      `select group_convo.*, requested_at from join_request
       join group_convo on group_convo.convo = join_request.convo
       where account = ? and requested_at < ? order by requested_at desc limit ?`,
      this.#accounts.uid(viewer) ?? 0,
      page.before ?? Number.MAX_SAFE_INTEGER,
      page.limit,
    )
    return rows.map(row => ({ convo: readGroup(this.#accounts, row), requestedAt: row.requested_at }))
  }

  requestedAt(viewer: Did, convoIds: readonly Tid[]): Map<Tid, Tid> {
    const rows = this.#sql.all<RequestTable>(
      'select * from join_request where account = ? and convo in (select value from json_each(?))',
      this.#accounts.uid(viewer) ?? 0,
      JSON.stringify(convoIds),
    )
    return new Map(rows.map(row => [row.convo, row.requested_at]))
  }
}
