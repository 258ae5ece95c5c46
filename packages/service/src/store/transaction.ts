import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../tid.ts'
import type { Account, Convo, LogRow, Member, MemberStatus, Message, Reaction, SentKey } from './rows.ts'
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
  reactions(messageId: Tid): readonly Reaction[]
  isHidden(viewer: Did, messageId: Tid): boolean
  /** What was sent with this key, within the time that keys are kept. */
  sentMessage(did: Did, key: string): Message | undefined
  unreadAfter(viewer: Did, convoId: Tid, messageId: Tid): number
  /** Members of this account with something unread, as the scope's `unreadOf` asked. */
  unreadMembers(did: Did, status?: MemberStatus): readonly Member[]

  createDirectConvo(convo: Convo, pair: Pair): void
  putAccount(account: Account): void
  /** Adds the member or replaces the row of the same convo and account. */
  putMember(member: Member): void
  addMessage(message: Message): void
  setMessageRev(message: Message, rev: Tid): void
  addReaction(reaction: Reaction): void
  removeReaction(reaction: Reaction): void
  hideMessage(viewer: Did, message: Message): void
  appendLog(row: LogRow): void
  rememberSent(sentKey: SentKey): void
}
