import type { AppBskyRichtextFacet, ChatBskyConvoDefs } from '@atcute/bluesky'
import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../tid.ts'

/** What the store keeps. Rows are values: a change makes a new one. */

export interface Account {
  did: Did
  /** Set by moderation: the account may read but not take part. */
  chatDisabled: boolean
}

export interface Convo {
  id: Tid
  kind: 'direct'
}

/** How a member stands to a request: accepted it, or not yet (again, after leaving). */
export type MemberStatus = 'accepted' | 'request'

/** One account's side of a convo: everything about it that is this account's alone. */
export interface Member {
  convoId: Tid
  did: Did
  status: MemberStatus
  /** The rev this member sees on the convo; 0 while the member has not been told of it (behaviour.md 4). */
  rev: Tid
  /** In this member's lists. An empty convo is not, nor one that was left (behaviour.md 7 (9)). */
  listed: boolean
  muted: boolean
  /** Messages up to here are out of this member's sight: from before they left (behaviour.md 3.7). */
  visibleFrom: Tid
  /** The newest message in sight, 0 for none. It may be one that the member deleted for themself. */
  lastMessage: Tid
  /** The read marker. */
  readUpTo: Tid
  /** Messages by others in sight after the read marker. */
  unread: number
}

export interface MessageBody {
  text: string
  facets?: AppBskyRichtextFacet.Main[]
  embed?: ChatBskyConvoDefs.MessageInput['embed']
  replyTo?: Tid
}

export interface Message {
  convoId: Tid
  /** Also its position, the rev at which it was created, and its time. */
  id: Tid
  /** Rises with each reaction; never an order (behaviour.md 3.4). */
  rev: Tid
  sender: Did
  body: MessageBody
}

export interface Reaction {
  convoId: Tid
  messageId: Tid
  sender: Did
  value: string
  /** When it was added. */
  rev: Tid
}

export type LogType =
  | 'acceptConvo'
  | 'addReaction'
  | 'beginConvo'
  | 'createMessage'
  | 'deleteMessage'
  | 'leaveConvo'
  | 'muteConvo'
  | 'readConvo'
  | 'readMessage'
  | 'removeReaction'
  | 'unmuteConvo'

/** One row of one account's log. What it points at is read when the row is read (behaviour.md 3.3). */
export interface LogRow {
  did: Did
  rev: Tid
  type: LogType
  convoId: Tid
  messageId?: Tid
  reaction?: Pick<Reaction, 'sender' | 'value' | 'rev'>
}

/** A message that was sent with an idempotency key. */
export interface SentKey {
  did: Did
  key: string
  convoId: Tid
  messageId: Tid
}
