import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../tid.ts'
import type { Convo, LogRow, Member, MemberStatus, Message, Reaction } from './rows.ts'
import type { Scope } from './scope.ts'
import type { Transaction } from './transaction.ts'

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
  /** Newest first, without those that the viewer has deleted. */
  messages(membership: Membership, page: MessagePage): Promise<ViewedMessage[]>
  /** Rows with a rev above `after`, oldest first. Rows about messages out of the viewer's sight are left out. */
  log(viewer: Did, page: { after: Tid; limit: number }): Promise<LogEntry[]>
  /** The rev of the viewer's newest log row, 0 where there is none. */
  logHead(viewer: Did): Promise<Tid>
  /** Those among `dids` whose chat moderation has disabled. */
  disabledAmong(dids: readonly Did[]): Promise<Set<Did>>
}

export interface Membership {
  convo: Convo
  /** The viewer's own side. */
  viewer: Member
  /** All members, the viewer included, in the order of their DIDs. */
  members: readonly Did[]
}

export interface ConvoOverview extends Membership {
  lastMessage?: ViewedMessage
  lastReaction?: { message: ViewedMessage; reaction: Reaction }
}

/** A message as one viewer sees it. */
export interface ViewedMessage extends SeenMessage {
  /** The message it replies to, without its own reply. */
  replyTo?: SeenMessage & {
    /** From before the viewer left or joined: not theirs to read. */
    outOfSight: boolean
  }
}

export interface SeenMessage {
  message: Message
  /** In the order they were added. */
  reactions: readonly Reaction[]
  /** The viewer deleted it for themself. */
  hidden: boolean
}

export interface ListFilter {
  limit: number
  /** Only below this rev. */
  before?: Tid
  status?: MemberStatus
  /** Only with unread messages. */
  unread?: boolean
  /** Only those that are not muted. */
  unmuted?: boolean
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
