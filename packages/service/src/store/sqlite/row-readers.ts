import type { Tid } from '../../tid.ts'
import type { LogRow, LogType, Member, MemberStatus, Message, MessageBody, Reaction } from '../rows.ts'
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
  read_up_to: Tid
  unread: number
}

export interface MessageTable {
  id: Tid
  convo: Tid
  rev: Tid
  sender: number
  body: string
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
    readUpTo: row.read_up_to,
    unread: row.unread,
  }
}

export function readMessage(accounts: Accounts, row: MessageTable): Message {
  return {
    convoId: row.convo,
    id: row.id,
    rev: row.rev,
    sender: accounts.did(row.sender),
    body: JSON.parse(row.body) as MessageBody,
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

export function readLogRow(did: LogRow['did'], row: LogTable): LogRow {
  return {
    did,
    rev: row.rev,
    type: row.type,
    convoId: row.convo,
    ...(row.message !== null && { messageId: row.message }),
    ...(row.reaction !== null && { reaction: JSON.parse(row.reaction) as NonNullable<LogRow['reaction']> }),
  }
}
