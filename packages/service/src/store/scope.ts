import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../tid.ts'
import type { MemberStatus, MessageId } from './rows.ts'

/**
 * What a transaction will read, named before it begins, so that an engine can lock in one order and fetch for
 * a whole batch at once. Reading outside the scope is a bug and throws.
 */
export interface Scope {
  accounts?: readonly Did[]
  /** With all their members. */
  convos?: readonly Tid[]
  /** Two accounts each; their direct convo, where there is one, is loaded like `convos`. */
  pairs?: readonly Pair[]
  /** With their reactions, and whether `viewer` has hidden them. */
  messages?: readonly MessageScope[]
  /** With the message that was sent. */
  sentKeys?: readonly { did: Did; key: string }[]
  /** How many messages by others, not hidden by `viewer`, come after this one. */
  unreadAfter?: readonly MessageScope[]
  /** Up to `limit` convos with something unread for this account, loaded like `convos`. */
  unreadOf?: readonly { did: Did; status?: MemberStatus; limit: number }[]
  /** Whether these ask to join, and whether they were removed from the group before. */
  candidates?: readonly Candidate[]
  /** Convos with everybody who asks to join. */
  requestsTo?: readonly Tid[]
  /** With whether any member has hidden them. */
  erasures?: readonly Erasure[]
}

export interface Candidate {
  convoId: Tid
  did: Did
}

/** Messages of one convo that are about to say nothing any more. */
export interface Erasure {
  convoId: Tid
  messageIds: readonly Tid[]
}

/** Two accounts, in the order of their DIDs. */
export type Pair = readonly [Did, Did]

export interface MessageScope extends MessageId {
  viewer: Did
}

export function pairOf(a: Did, b: Did): Pair {
  return a < b ? [a, b] : [b, a]
}

/** Puts several scopes together, for one load. */
export function mergeScopes(scopes: readonly Scope[]): Required<Scope> {
  return {
    accounts: scopes.flatMap(scope => scope.accounts ?? []),
    convos: scopes.flatMap(scope => scope.convos ?? []),
    pairs: scopes.flatMap(scope => scope.pairs ?? []),
    messages: scopes.flatMap(scope => scope.messages ?? []),
    sentKeys: scopes.flatMap(scope => scope.sentKeys ?? []),
    unreadAfter: scopes.flatMap(scope => scope.unreadAfter ?? []),
    unreadOf: scopes.flatMap(scope => scope.unreadOf ?? []),
    candidates: scopes.flatMap(scope => scope.candidates ?? []),
    requestsTo: scopes.flatMap(scope => scope.requestsTo ?? []),
    erasures: scopes.flatMap(scope => scope.erasures ?? []),
  }
}
