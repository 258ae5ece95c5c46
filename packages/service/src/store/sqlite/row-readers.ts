import type { Tid } from '../../tid.ts'
import type {
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
import type { GroupMember } from '../viewed.ts'
import type { Accounts } from './accounts.ts'

/** Rows as the tables hold them, and back into values. */

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
