import type {
  AppBskyRichtextFacet,
  ChatBskyConvoDefs,
  ChatBskyModerationSubscribeModEvents,
  ChatBskyNotificationDefs,
} from '@atcute/bluesky'
import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../tid.ts'

/** What the store keeps. Rows are values: a change makes a new one. */

export interface Account {
  did: Did
  /** Set by moderation: the account may read but not take part. */
  chatDisabled: boolean
  /** What the account has set itself; the rest stands at its default. */
  notifications?: Partial<ChatBskyNotificationDefs.Preferences>
}

export type Convo = DirectConvo | GroupConvo

export interface DirectConvo {
  id: Tid
  kind: 'direct'
}

export interface GroupConvo {
  id: Tid
  kind: 'group'
  name: string
  /** The only one with this role, for good; no longer a member once the group has ended. */
  owner: Did
  lock: LockStatus
  memberCount: number
  /** Requests to join that wait for the owner. */
  requestCount: number
  link?: JoinLink
}

/** What is locked for good has ended. */
export type LockStatus = 'unlocked' | 'locked' | 'locked-permanently'

/** A group has one link at most; a new one takes the place of a disabled one. */
export interface JoinLink {
  code: string
  enabled: boolean
  requireApproval: boolean
  joinRule: 'anyone' | 'followedByOwner'
  createdAt: Tid
}

/** Somebody who waits for the owner's word. */
export interface JoinRequest {
  convoId: Tid
  did: Did
  requestedAt: Tid
}

/** How a member stands to a request: accepted it, or not yet (again, after leaving). */
export type MemberStatus = 'accepted' | 'request'

/** One account's side of a convo: everything about it that is this account's alone. */
export interface Member {
  convoId: Tid
  did: Did
  status: MemberStatus
  /** The rev this member sees on the convo; 0 while they have not been told of it, or since they deleted their chats. */
  rev: Tid
  /** In this member's lists. An empty convo is not, nor one that was left (behaviour.md 7 (9)). */
  listed: boolean
  muted: boolean
  /** Messages up to here are out of this member's sight: from before they left or joined (behaviour.md 3.7). */
  visibleFrom: Tid
  /**
   * The newest message in sight, 0 for none; one that the member deleted for themself counts. A system message
   * only as long as there is no other (behaviour.md 7 (16)).
   */
  lastMessage: Tid
  lastIsSystem: boolean
  /** The read marker. */
  readUpTo: Tid
  /** Messages by others in sight after the read marker. System messages do not count. */
  unread: number
  /** When they became a member: the order of a group's members, its owner first. */
  joined: Tid
  /** Who added them to the group; absent for its owner and for those who joined by link. */
  addedBy?: Did
  /** Join requests that the owner has not looked at; 0 for everybody else. */
  unreadRequests: number
}

export interface MessageBody {
  text: string
  facets?: AppBskyRichtextFacet.Main[]
  embed?: ChatBskyConvoDefs.MessageInput['embed']
  replyTo?: Tid
}

export type Message = UserMessage | SystemMessage

/** What names a message: its id is unique within its convo. */
export interface MessageId {
  convoId: Tid
  messageId: Tid
}

interface MessageBase {
  convoId: Tid
  /** Also its position, the rev at which it was created, and its time. */
  id: Tid
  /** Rises with each reaction; never an order (behaviour.md 3.4). */
  rev: Tid
}

export interface UserMessage extends MessageBase {
  sender: Did
  /** Absent where the sender's chat account was deleted: what is left is that there was a message. */
  body?: MessageBody
}

/** What happened to a group, in its history. */
export interface SystemMessage extends MessageBase {
  event: SystemEvent
}

export type SystemEvent =
  | { type: 'addMember'; member: Did; addedBy: Did }
  | { type: 'removeMember'; member: Did; removedBy: Did }
  | { type: 'memberJoin'; member: Did; approvedBy?: Did }
  | { type: 'memberLeave'; member: Did }
  | { type: 'lockConvo' | 'lockConvoPermanently'; lockedBy: Did }
  | { type: 'unlockConvo'; unlockedBy: Did }
  | { type: 'editGroup'; oldName: string; newName: string }
  | { type: 'createJoinLink' | 'editJoinLink' | 'enableJoinLink' | 'disableJoinLink' }

export function isSystem(message: Message): message is SystemMessage {
  return 'event' in message
}

export function idOf({ convoId, id }: Message): MessageId {
  return { convoId, messageId: id }
}

export interface Reaction extends MessageId {
  sender: Did
  value: string
  /** When it was added. */
  rev: Tid
}

/** Those of a system message are called as its event is. */
export type LogType =
  | SystemEvent['type']
  | 'acceptConvo'
  | 'addReaction'
  | 'approveJoinRequest'
  | 'beginConvo'
  | 'createMessage'
  | 'deleteMessage'
  | 'incomingJoinRequest'
  | 'leaveConvo'
  | 'muteConvo'
  | 'outgoingJoinRequest'
  | 'readConvo'
  | 'readJoinRequests'
  | 'readMessage'
  | 'rejectJoinRequest'
  | 'removeReaction'
  | 'unmuteConvo'
  | 'withdrawIncomingJoinRequest'
  | 'withdrawOutgoingJoinRequest'

/** One row of one account's log. What it points at is read when the row is read (behaviour.md 3.3). */
export interface LogRow {
  did: Did
  rev: Tid
  type: LogType
  convoId: Tid
  messageId?: Tid
  reaction?: Pick<Reaction, 'sender' | 'value' | 'rev'>
  /** Whose join request the row is about. */
  member?: Did
}

/** What moderators are told, as it was when it happened: `chat.bsky.moderation.subscribeModEvents`. */
export interface ModEvent {
  rev: Tid
  event: ChatBskyModerationSubscribeModEvents.$message
}

/** A message that was sent with an idempotency key. */
export interface SentKey extends MessageId {
  did: Did
  key: string
}
