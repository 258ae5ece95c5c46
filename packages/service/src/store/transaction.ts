import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../tid.ts'
import type {
  Account,
  Convo,
  DirectConvo,
  GroupConvo,
  JoinRequest,
  LogRow,
  Member,
  MemberStatus,
  Message,
  ModEvent,
  Reaction,
  SentKey,
  UserMessage,
} from './rows.ts'
import type { Pair } from './scope.ts'

/**
 * The rows of a scope, to read and to change. Everything is synchronous and in memory; the engine writes the
 * changes when the batch is done. Reads see what was changed before in the same batch.
 */
export interface Transaction {
  /**
   * A rev above every rev that any account in scope has been given, and not behind the clock.
   * Each call gives a higher one.
   */
  nextRev(): Tid

  /** An account that was never seen is there too, with nothing set. */
  account(did: Did): Account
  convo(convoId: Tid): Convo | undefined
  directConvo(pair: Pair): Convo | undefined
  members(convoId: Tid): readonly Member[]
  member(convoId: Tid, did: Did): Member | undefined
  message(convoId: Tid, messageId: Tid): Message | undefined
  /** In the order they were added. */
  reactions(convoId: Tid, messageId: Tid): readonly Reaction[]
  isHidden(viewer: Did, convoId: Tid, messageId: Tid): boolean
  /** What was sent with this key, within the time that keys are kept. */
  sentMessage(did: Did, key: string): UserMessage | undefined
  unreadAfter(viewer: Did, convoId: Tid, messageId: Tid): number
  /** Members of this account with something unread, as the scope's `unreadOf` asked, newest first. */
  unreadMembers(did: Did, status?: MemberStatus): readonly Member[]
  joinRequest(convoId: Tid, did: Did): JoinRequest | undefined
  /** As the scope's `requestsTo` asked, oldest first. */
  joinRequests(convoId: Tid): readonly JoinRequest[]
  /** Whether the owner has removed this account from the group, and not added it since. */
  isKicked(convoId: Tid, did: Did): boolean
  /** How many of these, which the scope's `erasures` name, count as unread for this member. */
  unreadAmong(member: Member, messageIds: readonly Tid[]): number

  createDirectConvo(convo: DirectConvo, pair: Pair): void
  /** Adds the group or replaces the row of the same id. */
  putGroup(convo: GroupConvo): void
  putAccount(account: Account): void
  /** Adds the member or replaces the row of the same convo and account. */
  putMember(member: Member): void
  removeMember(member: Member): void
  addJoinRequest(request: JoinRequest): void
  removeJoinRequest(request: JoinRequest): void
  setKicked(convoId: Tid, did: Did, kicked: boolean): void
  addMessage(message: Message): void
  setMessageRev(message: UserMessage, rev: Tid): void
  addReaction(reaction: Reaction): void
  removeReaction(reaction: Reaction): void
  hideMessage(viewer: Did, message: Message): void
  /** Takes what a message says for good, and the reactions to it. */
  eraseMessage(message: UserMessage): void
  /** Takes all reactions of this account in a convo. */
  eraseReactions(convoId: Tid, did: Did): void
  appendLog(row: LogRow): void
  appendModEvent(event: ModEvent): void
  rememberSent(sentKey: SentKey): void
  /** Forgets what is kept for this account alone: keys, hidden messages, log rows below this rev. */
  purgeAccount(did: Did, before: Tid): void
}
