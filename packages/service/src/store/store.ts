import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../tid.ts'
import type { ModerationReader } from './moderation-reader.ts'
import type {
  Account,
  Convo,
  GroupConvo,
  JoinRequest,
  LockStatus,
  LogRow,
  Member,
  MemberStatus,
  Reaction,
} from './rows.ts'
import type { Scope } from './scope.ts'
import type { Transaction } from './transaction.ts'
import type { GroupMember, ViewedMessage } from './viewed.ts'

/**
 * Where convos live. Reads are asynchronous and always for a viewer; writes happen inside `transact`, whose
 * work is synchronous. So a read of the outer store cannot slip into a transaction, work cannot wait for the
 * network while it holds one, and many works can share one commit.
 */
export interface Store extends StoreReader {
  /**
   * Runs `work` over the rows that `scope` names and makes its changes durable: when the promise resolves
   * they are on disk. Work that throws changes nothing and rejects with what it threw.
   * Works may run more than once, of which only the last counts: whatever else they do must bear that.
   */
  transact<T>(scope: Scope, work: (tx: Transaction) => T): Promise<T>
  /**
   * As `memberships`, for what is asked of the network before a transaction: who is there, and not how things stand. Of
   * direct convos it may be an answer from before, since the two never change; the transaction looks again.
   */
  parties(viewer: Did, convoIds: readonly Tid[]): Promise<Map<Tid, Party>>
  readonly forModerators: ModerationReader
  /** Calls `wake` after commits that stored events for moderators, until the returned function is called. */
  onModEvents(wake: () => void): () => void
  /**
   * Calls `wake` after commits that added to this account's log, until the returned function is called. Of those of other
   * processes one may not be heard: look now and then without being called.
   */
  onLog(did: Did, wake: () => void): () => void
  close(): Promise<void>
}

/** What a viewer may know. A convo that the viewer is no member of, or has not been told of, is not there. */
export interface StoreReader {
  /** The convos among `convoIds` that `viewer` is in, by id. */
  memberships(viewer: Did, convoIds: readonly Tid[]): Promise<Map<Tid, Membership>>
  /** The direct convo of the two, where `viewer` has been told of it. */
  directMembership(viewer: Did, other: Did): Promise<Membership | undefined>
  /** What a convo view shows of each of these, in their order. */
  overviews(memberships: readonly Membership[]): Promise<ConvoOverview[]>
  /** The viewer's list, newest rev first. */
  listMemberships(viewer: Did, filter: ListFilter): Promise<Membership[]>
  /** One message, also where the viewer has deleted it; `undefined` where it is out of their sight. */
  message(membership: Membership, messageId: Tid): Promise<ViewedMessage | undefined>
  /** Newest first, without those that the viewer has deleted or the sender has erased. */
  messages(membership: Membership, page: MessagePage): Promise<ViewedMessage[]>
  /** Rows with a rev above `after`, oldest first. Rows about messages out of the viewer's sight are left out. */
  log(viewer: Did, page: { after: Tid; limit: number }): Promise<LogEntry[]>
  /** The rev of the viewer's newest log row, 0 where there is none. */
  logHead(viewer: Did): Promise<Tid>
  /** Those among `dids` whose chat moderation has disabled. */
  disabledAmong(dids: readonly Did[]): Promise<Set<Did>>
  /** An account that was never seen is there too, with nothing set. */
  account(did: Did): Promise<Account>
  /** All that are listed, in the order of their ids. */
  allMemberships(viewer: Did, page: { after: Tid; limit: number }): Promise<Membership[]>
  /** In the order of joining, the owner first. */
  groupMembers(membership: Membership, page: { after?: Tid; limit: number }): Promise<GroupMember[]>
  /** Those among `dids` that are members now. */
  membersAmong(membership: Membership, dids: readonly Did[]): Promise<GroupMember[]>
  /** Groups by the codes of their links, also disabled ones: what anybody may know who has the code. */
  groupsByCode(codes: readonly string[]): Promise<Map<string, GroupConvo>>
  /** Who asks to join this group, newest first; for its owner. */
  joinRequests(membership: Membership, page: { before?: Tid; limit: number }): Promise<JoinRequest[]>
  /** Groups that the viewer asks to join, newest request first. */
  ownJoinRequests(viewer: Did, page: { before?: Tid; limit: number }): Promise<OwnJoinRequest[]>
  /** When the viewer asked to join these, where they did. */
  requestedAt(viewer: Did, convoIds: readonly Tid[]): Promise<Map<Tid, Tid>>
  /** Every convo that the account has been told of, left ones included, in the order of their ids. */
  convosEver(did: Did, page: { after: Tid; limit: number }): Promise<Tid[]>
  /** What the account has written in this convo and not erased, oldest first. */
  writtenBy(did: Did, convoId: Tid, page: { after: Tid; limit: number }): Promise<Tid[]>
  /** The rev of the account's log row that has so many rows before it, `undefined` where there are not so many. */
  logRevAt(did: Did, rows: number): Promise<Tid | undefined>
}

export interface Membership {
  convo: Convo
  /** The viewer's own side. */
  viewer: Member
  /** In the order of joining: both members of a direct convo, the first few of a group. */
  members: readonly Did[]
}

/** Of a membership, what it says of others. */
export type Party = Pick<Membership, 'convo' | 'members'>

export interface OwnJoinRequest {
  convo: GroupConvo
  requestedAt: Tid
}

export interface ConvoOverview extends Membership {
  lastMessage?: ViewedMessage
  lastReaction?: { message: ViewedMessage; reaction: Reaction }
}

export interface ListFilter {
  limit: number
  /** Only below this rev. */
  before?: Tid
  status?: MemberStatus
  /** Only with unread messages, or for a group's owner with unread join requests. */
  unread?: boolean
  /** Only those that are not muted. */
  unmuted?: boolean
  kind?: Convo['kind']
  /** Direct convos are unlocked. */
  lock?: LockStatus
  /** Only groups that this account is a member of too. */
  sharedWith?: Did
}

export interface MessagePage {
  limit: number
  /** Only messages with an id below this. */
  before?: Tid
  /** Messages of these senders are passed over (behaviour.md 3.7, deleted accounts). */
  withoutSenders?: readonly Did[]
}

export interface LogEntry {
  row: LogRow
  /** For rows about a message: as it is now, not as it was. */
  message?: ViewedMessage
}
