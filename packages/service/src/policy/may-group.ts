import type { Did } from '@atcute/lexicons/syntax'
import { AppError, invalidRequest } from '../errors.ts'
import { isBlockedBy, isBlocking, type Relationship } from '../people/people.ts'
import type { Account, GroupConvo, JoinLink, LockStatus, Member } from '../store/rows.ts'
import type { Transaction } from '../store/transaction.ts'
import type { Tid } from '../tid.ts'
import { type Counterpart, TEXT } from './may-message.ts'
import { convoNotFound, requireMember } from './visible-to.ts'

/**
 * May this account do this in a group, to a group, or to join one? Beside may-message.ts the only place that
 * knows about roles, locks, invitations and links (behaviour.md 2.3, 2.4, 3.9, 3.11, 7 (20, 25–27)).
 */

/** The group and the caller's side, for what its owner alone may do. @throws InvalidConvo, InsufficientRole */
export function requireOwner(
  tx: Transaction,
  caller: Did,
  convoId: Tid,
): { group: GroupConvo; owner: Member } {
  const owner = requireMember(tx, caller, convoId)
  const group = tx.convo(convoId)
  if (group?.kind !== 'group') throw convoNotFound()
  assertOwner(group, caller)
  return { group, owner }
}

/** @throws InsufficientRole */
export function assertOwner(group: GroupConvo, caller: Did): void {
  if (group.owner !== caller) {
    throw new AppError('InsufficientRole', 'only the owner of the group may do this')
  }
}

/** What is known of the owner, on whose account a group depends. */
export interface OwnerState {
  /** Deactivated, deleted or taken down. */
  gone: boolean
  /** Disabled by moderation. */
  disabled: boolean
}

/**
 * How a group stands. Where its owner cannot act it is locked whatever the owner has set, until the owner is
 * back (`lockStatusModerationOverride`): derived whenever it is asked, so that nothing is left to undo.
 */
export function lockOf(
  group: GroupConvo,
  owner: OwnerState,
): { status: LockStatus; moderationOverride: boolean } {
  const moderationOverride = group.lock !== 'locked-permanently' && (owner.gone || owner.disabled)
  const status = moderationOverride && group.lock === 'unlocked' ? 'locked' : group.lock
  return { status, moderationOverride }
}

/** @throws ConvoLocked */
export function assertUnlocked(group: GroupConvo, owner: OwnerState): void {
  if (lockOf(group, owner).status === 'unlocked') return
  throw convoLocked()
}

export function convoLocked(): AppError {
  return new AppError('ConvoLocked', 'the group is locked')
}

/**
 * Taking somebody into a group. @throws the names of `chat.bsky.group.addMembers` that concern the one
 * invited
 */
export function assertMayInvite(counterpart: Counterpart, recipient: Account): void {
  const { person, relationship } = counterpart
  if (!person) throw new AppError('RecipientNotFound', TEXT.gone)
  if (recipient.chatDisabled) throw new AppError('AccountSuspended', TEXT.disabled)
  if (isBlockedBy(relationship)) throw new AppError('BlockedActor', TEXT.blocked)
  if (isBlocking(relationship)) throw new AppError('BlockedSubject', TEXT.blocked)
  if (person.allowGroupInvites === 'none') {
    throw new AppError('UserForbidsGroups', 'recipient does not accept invitations to groups')
  }
  if (person.allowGroupInvites === 'following' && !relationship.followedBy) {
    throw new AppError('NotFollowedBySender', TEXT.NotFollowedBySender)
  }
}

/** Inviting at all. @throws AccountSuspended */
export function assertMayTakePart(caller: Account): void {
  if (caller.chatDisabled) throw new AppError('AccountSuspended', TEXT.disabled)
}

/** As above, for methods that declare no name for it. @throws InvalidRequest */
export function assertEnabled(caller: Account): void {
  if (caller.chatDisabled) throw invalidRequest(TEXT.disabled)
}

/**
 * Joining by link. `relationship` is between the one who would join and the owner, seen from the first. The lexicon
 * has no name for blocks: to one whom the owner blocks it is as if they had been removed.
 * @throws LinkDisabled, UserKicked, FollowRequired, InvalidRequest
 */
export function assertMayJoin(link: JoinLink, relationship: Relationship, isKicked: boolean): void {
  if (!link.enabled) throw new AppError('LinkDisabled', 'the link is disabled')
  if (isKicked || isBlockedBy(relationship)) {
    throw new AppError('UserKicked', 'the owner does not let you join this group')
  }
  if (isBlocking(relationship)) throw invalidRequest(TEXT.blocked)
  if (link.joinRule === 'followedByOwner' && !relationship.followedBy) {
    throw new AppError('FollowRequired', 'the owner of the group must follow you')
  }
}

/**
 * Letting in somebody who has asked: a block since then, either way, stands against it as against inviting them. The
 * lexicon has no name for it.
 * @throws InvalidRequest
 */
export function assertMayLetIn(relationship: Relationship): void {
  if (isBlockedBy(relationship) || isBlocking(relationship)) throw invalidRequest(TEXT.blocked)
}
