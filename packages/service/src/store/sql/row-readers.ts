import type { Did } from '@atcute/lexicons/syntax'
import { convoViewMembersMax } from '../../limits.ts'
import type { Tid } from '../../tid.ts'
import type {
  Account,
  GroupConvo,
  JoinLink,
  LockStatus,
  LogRow,
  LogType,
  Member,
  MemberStatus,
  Message,
  MessageBody,
  Reaction,
  SystemEvent,
} from '../rows.ts'
import type { Membership } from '../store.ts'
import type { GroupMember } from '../viewed.ts'
import type { Accounts } from './sql.ts'

/** Rows as the tables hold them, and back into values. */

export interface AccountTable {
  chat_disabled: number
  notifications: string | null
}

export interface MemberTable {
  convo: Tid
  account: number
  status: MemberStatus
  rev: Tid
  listed: number
  muted: number
  visible_from: Tid
  last_message: Tid
  last_is_system: number
  read_up_to: Tid
  unread: number
  joined: Tid
  added_by: number | null
  unread_requests: number
}

export interface GroupTable {
  convo: Tid
  name: string
  owner: number
  lock: LockStatus
  member_count: number
  request_count: number
  link: string | null
}

export interface MessageTable {
  id: Tid
  convo: Tid
  rev: Tid
  sender: number | null
  body: string | null
  event: string | null
}

export interface ReactionTable {
  message: Tid
  sender: number
  value: string
  convo: Tid
  rev: Tid
}

export interface LogTable {
  rev: Tid
  type: LogType
  convo: Tid
  message: Tid | null
  reaction: string | null
  member: number | null
}

/** A member's own side with its convo, as `membershipColumns` selects them; of a direct convo there is no group. */
export type MembershipTable = MemberTable & (GroupTable | { name: null }) & { first_members: string }

const groupColumns = ['name', 'owner', 'lock', 'member_count', 'request_count', 'link']
  .map(column => `group_convo.${column}`)
  .join(', ')

export const membershipColumns = `member.*, ${groupColumns}, (
  select string_agg(cast(account as text), ',') from (
    select other.account from member as other where other.convo = member.convo
    order by other.joined, other.account limit ${convoViewMembersMax}) as listed) as first_members`

/** Every account that these rows name. */
export function accountsIn(rows: readonly object[]): number[] {
  const found = new Set<number>()
  for (const row of rows as readonly Partial<NamingAccounts>[]) {
    for (const column of accountColumns) {
      const uid = row[column]
      if (typeof uid === 'number') found.add(uid)
    }
    if (row.first_members) for (const uid of row.first_members.split(',')) found.add(Number(uid))
  }
  return [...found]
}

const accountColumns = ['account', 'sender', 'owner', 'added_by', 'member'] as const

type NamingAccounts = Record<(typeof accountColumns)[number], number | null> & { first_members: string }

export function readAccount(did: Did, row: AccountTable): Account {
  const { chat_disabled, notifications } = row
  return {
    did,
    chatDisabled: chat_disabled === 1,
    ...(notifications !== null && {
      notifications: JSON.parse(notifications) as NonNullable<Account['notifications']>,
    }),
  }
}

export function readMembership(accounts: Accounts, row: MembershipTable): Membership {
  return {
    convo: row.name === null ? { id: row.convo, kind: 'direct' } : readGroup(accounts, row),
    viewer: readMember(accounts, row),
    members: row.first_members.split(',').map(uid => accounts.did(Number(uid))),
  }
}

export function readMember(accounts: Accounts, row: MemberTable): Member {
  return {
    convoId: row.convo,
    did: accounts.did(row.account),
    status: row.status,
    rev: row.rev,
    listed: row.listed === 1,
    muted: row.muted === 1,
    visibleFrom: row.visible_from,
    lastMessage: row.last_message,
    lastIsSystem: row.last_is_system === 1,
    readUpTo: row.read_up_to,
    unread: row.unread,
    joined: row.joined,
    ...(row.added_by !== null && { addedBy: accounts.did(row.added_by) }),
    unreadRequests: row.unread_requests,
  }
}

/** What other members may know of a member. */
export function readGroupMember(
  accounts: Accounts,
  row: Pick<MemberTable, 'account' | 'joined' | 'added_by'>,
): GroupMember {
  const { account, joined, added_by: addedBy } = row
  return { did: accounts.did(account), joined, ...(addedBy !== null && { addedBy: accounts.did(addedBy) }) }
}

export function readGroup(accounts: Accounts, row: GroupTable): GroupConvo {
  return {
    id: row.convo,
    kind: 'group',
    name: row.name,
    owner: accounts.did(row.owner),
    lock: row.lock,
    memberCount: row.member_count,
    requestCount: row.request_count,
    ...(row.link !== null && { link: JSON.parse(row.link) as JoinLink }),
  }
}

export function readMessage(accounts: Accounts, row: MessageTable): Message {
  const { convo: convoId, id, rev } = row
  if (row.sender === null) return { convoId, id, rev, event: JSON.parse(row.event!) as SystemEvent }
  return {
    convoId,
    id,
    rev,
    sender: accounts.did(row.sender),
    ...(row.body !== null && { body: JSON.parse(row.body) as MessageBody }),
  }
}

export function readReaction(accounts: Accounts, row: ReactionTable): Reaction {
  return {
    convoId: row.convo,
    messageId: row.message,
    sender: accounts.did(row.sender),
    value: row.value,
    rev: row.rev,
  }
}

export function readLogRow(accounts: Accounts, did: LogRow['did'], row: LogTable): LogRow {
  return {
    did,
    rev: row.rev,
    type: row.type,
    convoId: row.convo,
    ...(row.message !== null && { messageId: row.message }),
    ...(row.reaction !== null && { reaction: JSON.parse(row.reaction) as NonNullable<LogRow['reaction']> }),
    ...(row.member !== null && { member: accounts.did(row.member) }),
  }
}
