import type { Tid } from '../tid.ts'
import type { Account, Convo, LogRow, Member, Message, Reaction, SentKey } from './rows.ts'
import type { MessageScope, Pair, Scope } from './scope.ts'
import type { StoreReader } from './store.ts'

/** What a database must do to carry a store: answer reads, and commit a batch. */
export interface Engine extends StoreReader {
  /**
   * One durable database transaction: loads the rows of `scope`, hands them to `run`, writes what it returns.
   * Resolves after the commit is on disk; rejects when nothing was written, with ServiceUnavailable where the
   * database could not. May call `run` again after a conflict.
   */
  commit(scope: Required<Scope>, run: (loaded: Loaded) => Changes): Promise<void>
  close(): Promise<void>
}

/** The rows that an engine found for a batch. */
export interface Loaded {
  /** No rev at or below this may be handed out. */
  floor: Tid
  accounts: Account[]
  convos: Convo[]
  /** Every member of every loaded convo. */
  members: Member[]
  /** Direct convos of the pairs in scope. */
  directs: { pair: Pair; convoId: Tid }[]
  messages: Message[]
  /** Of the loaded messages, in the order they were added. */
  reactions: Reaction[]
  hidden: MessageScope[]
  sentKeys: SentKey[]
  unreadAfter: (MessageScope & { count: number })[]
}

/** The rows that a batch changed, for an engine to write. */
export interface Changes {
  /** New or replaced. */
  accounts: Account[]
  convos: { convo: Convo; pair: Pair }[]
  /** New or replaced. */
  members: Member[]
  messages: Message[]
  /** Messages that were there before and have a new rev. */
  messageRevs: { convoId: Tid; messageId: Tid; rev: Tid }[]
  /** In the order of the changes. */
  reactions: { reaction: Reaction; present: boolean }[]
  hidden: MessageScope[]
  log: LogRow[]
  sentKeys: SentKey[]
}
