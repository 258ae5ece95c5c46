import type { ComAtprotoLabelDefs } from '@atcute/atproto'
import type { AppBskyActorDefs } from '@atcute/bluesky'
import type { Did, GenericUri, Handle, ResourceUri } from '@atcute/lexicons/syntax'
import type { Allow } from './allow.ts'

export type { Allow }

/**
 * What the network says of accounts. One interface, two implementations:
 * `AppViewPeople` asks an AppView over HTTP, `FirehosePeople` follows a relay or PDS and keeps its own index.
 * Both answer from a cache where they can, and except in `show` refuse with `UpstreamFailure` where the network
 * cannot be reached and nothing usable is cached.
 */
export interface People {
  /**
   * The active accounts among `dids`, by DID. An account that is unknown, deactivated, deleted or taken down
   * is left out.
   */
  profiles(dids: readonly Did[]): Promise<Map<Did, Person>>
  /** How `actor` and each of `others` stand to each other; an entry for every one of `others`, known or not. */
  relationships(actor: Did, others: readonly Did[]): Promise<Map<Did, Relationship>>
  /**
   * `dids` as they are to be shown to `viewer`, or to nobody in particular; an entry for every one of them. An
   * answer may be minutes old. Never throws and never waits long: what is not known in time is `unknown`. Of policy
   * only the lock of a group follows from it, so that members may do what they are shown.
   */
  show(viewer: Did | undefined, dids: readonly Did[]): Promise<Map<Did, Shown>>
  /** Ends connections and timers. */
  close(): Promise<void>
}

export interface Person {
  did: Did
  /** `handle.invalid` where handle and DID do not point at each other. */
  handle: Handle
  displayName?: string
  /** URL of the picture. */
  avatar?: GenericUri
  /** ISO 8601. */
  createdAt?: string
  labels: ComAtprotoLabelDefs.Label[]
  /** As the AppView shows it; `associated.chat` only where a declaration record exists, and only with values we know. */
  associated?: AppBskyActorDefs.ProfileAssociated
  verification?: AppBskyActorDefs.VerificationState
  /** From the declaration, `following` without one. */
  allowIncoming: Allow
  /** Who may add the account to a group. From the declaration, `allowIncoming` where that does not say. */
  allowGroupInvites: Allow
}

export interface Shown {
  /** `gone` where the network was asked and has no such active account, `unknown` where it has not said. */
  person: Person | 'gone' | 'unknown'
  /** Seen from the viewer; empty where it is not known, and to oneself. */
  relationship: Relationship
}

/** Follow and block records between two accounts, seen from the first; absent where there is none. */
export interface Relationship {
  following?: ResourceUri
  followedBy?: ResourceUri
  blocking?: ResourceUri
  blockedBy?: ResourceUri
  blockingByList?: ResourceUri
  blockedByList?: ResourceUri
}

export function isBlocking(relationship: Relationship): boolean {
  return Boolean(relationship.blocking ?? relationship.blockingByList)
}

export function isBlockedBy(relationship: Relationship): boolean {
  return Boolean(relationship.blockedBy ?? relationship.blockedByList)
}
