import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../tid.ts'
import type { ModerationReader } from './moderation-reader.ts'
import type {
  Account,
  Convo,
  DirectConvo,
  GroupConvo,
  JoinRequest,
  LogRow,
  Member,
  Message,
  MessageId,
  ModEvent,
  Reaction,
  SentKey,
} from './rows.ts'
import type { Candidate, MessageScope, Pair, Scope } from './scope.ts'
import type { StoreReader } from './store.ts'

/** What a database must do to carry a store: answer reads, and commit a batch. */
export interface Engine extends StoreReader {
  readonly forModerators: ModerationReader
  /** How many commits it takes at a time. */
  readonly commitsUnderWay: number
  /**
   * One durable database transaction: loads the rows of `scope`, hands them to `run`, writes what it returns.
   * Resolves after the commit is on disk; rejects when nothing was written, with ServiceUnavailable where the
   * database could not. May call `run` again after a conflict.
   */
  commit(scope: Required<Scope>, run: (loaded: Loaded) => Changes): Promise<void>
  close(): Promise<void>
}

/** The part of an engine in front of which something may be remembered. */
export type Rows = Pick<
  Engine,
  'messages' | 'commit' | 'memberships' | 'disabledAmong' | 'account' | 'log' | 'logHead'
>

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
  /** Of the candidates, and of the convos in `requestsTo`. */
  joinRequests: JoinRequest[]
  /** Those among the candidates. */
  kicked: Candidate[]
}

/** The rows that a batch changed, for an engine to write: each list in the order of the changes. */
export interface Changes {
  /** New or replaced. */
  accounts: Account[]
  directs: { convo: DirectConvo; pair: Pair }[]
  /** New or replaced. */
  groups: GroupConvo[]
  /** New or replaced; removed where there is no row. */
  members: (Candidate & { row?: Member })[]
  messages: Message[]
  /** Messages that were there before and have a new rev. */
  messageRevs: (MessageId & { rev: Tid })[]
  reactions: { reaction: Reaction; present: boolean }[]
  hidden: MessageScope[]
  /** Messages that say nothing any more, and take their reactions with them. */
  erased: MessageId[]
  /** Whose reactions in a convo go. */
  erasedReactions: Candidate[]
  joinRequests: { request: JoinRequest; present: boolean }[]
  kicked: (Candidate & { kicked: boolean })[]
  log: LogRow[]
  modEvents: ModEvent[]
  sentKeys: SentKey[]
  purged: { did: Did; before: Tid }[]
}

export function noChanges(): Changes {
  return {
    accounts: [],
    directs: [],
    groups: [],
    members: [],
    messages: [],
    messageRevs: [],
    reactions: [],
    hidden: [],
    erased: [],
    erasedReactions: [],
    joinRequests: [],
    kicked: [],
    log: [],
    modEvents: [],
    sentKeys: [],
    purged: [],
  }
}
