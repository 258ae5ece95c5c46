import type { Did } from '@atcute/lexicons/syntax'
import { AppError, invalidRequest } from '../errors.ts'
import { isBlockedBy, isBlocking, type People, type Person, type Relationship } from '../people/people.ts'
import type { Member } from '../store/rows.ts'

/**
 * May this account open a conversation with that one, and may it send into it? Beside may-group.ts the only place
 * that knows about blocks, declarations and disabled accounts (behaviour.md 2.1–2.3, 3.9, 7 (11, 18, 20, 21)).
 *
 * The network is asked first, in `askAbout`; the rules themselves are plain functions of what it said, so
 * that they can run inside a transaction against rows that cannot change under them.
 */

/** What the network says of the one who would receive, and of how the two stand to each other. */
export interface Counterpart {
  did: Did
  /** `undefined` where the account is unknown, deactivated, deleted or taken down. */
  person: Person | undefined
  /** Seen from the one who would send. */
  relationship: Relationship
}

export type Counterparts = ReadonlyMap<Did, Counterpart>

export async function askAbout(people: People, sender: Did, others: readonly Did[]): Promise<Counterparts> {
  const [profiles, relationships] = await Promise.all([
    people.profiles(others),
    people.relationships(sender, others),
  ])
  return new Map(
    others.map(did => [did, { did, person: profiles.get(did), relationship: relationships.get(did) ?? {} }]),
  )
}

/** Official clients compare some of these texts letter by letter; change none (behaviour.md 2.2, 5.2). */
export const TEXT = {
  blocked: 'block between recipient and sender',
  disabled: 'Account is disabled',
  gone: 'recipient does not exist',
  MessagesDisabled: 'recipient has disabled incoming messages',
  NotFollowedBySender: 'recipient requires incoming messages to come from someone they follow',
}

export interface Disabled {
  sender: boolean
  recipient: boolean
}

/**
 * Opening a conversation: refusals by the names of `chat.bsky.convo.getConvoForMembers`. `recipient` is their
 * side of the convo, where there is one.
 */
export function assertMayOpen(
  counterpart: Counterpart,
  recipient: Pick<Member, 'status'> | undefined,
  disabled: Disabled,
): void {
  const { person, relationship } = counterpart
  if (!person) throw new AppError('RecipientNotFound', TEXT.gone)
  if (disabled.sender || disabled.recipient) throw new AppError('AccountSuspended', TEXT.disabled)
  if (isBlockedBy(relationship)) throw new AppError('BlockedActor', TEXT.blocked)
  if (isBlocking(relationship)) throw new AppError('BlockedSubject', TEXT.blocked)
  const refusal = declarationRefusal(person, relationship, recipient)
  if (refusal) throw new AppError(refusal, TEXT[refusal])
}

/**
 * Writing into a direct convo: `chat.bsky.convo.sendMessage` declares no names for these refusals, clients match
 * the texts.
 */
export function assertMaySend(counterpart: Counterpart, recipient: Member, senderDisabled: boolean): void {
  assertMayReact(counterpart, senderDisabled)
  const refusal = declarationRefusal(counterpart.person!, counterpart.relationship, recipient)
  if (refusal) throw invalidRequest(TEXT[refusal])
}

/** There, and no block either way. */
export function isReachable({ person, relationship }: Counterpart): boolean {
  return Boolean(person) && !isBlockedBy(relationship) && !isBlocking(relationship)
}

export function assertMayReact({ person, relationship }: Counterpart, senderDisabled: boolean): void {
  if (senderDisabled) throw invalidRequest(TEXT.disabled)
  if (!person) throw invalidRequest(TEXT.gone)
  if (isBlockedBy(relationship) || isBlocking(relationship)) throw invalidRequest(TEXT.blocked)
}

/**
 * Does the recipient's declaration keep this sender out? Following means: the recipient follows the sender.
 * It gates new contacts only: one who has accepted the convo is not asked again.
 */
function declarationRefusal(
  person: Person,
  relationship: Relationship,
  recipient: Pick<Member, 'status'> | undefined,
): 'MessagesDisabled' | 'NotFollowedBySender' | undefined {
  if (recipient?.status === 'accepted') return undefined
  if (person.allowIncoming === 'none') return 'MessagesDisabled'
  if (person.allowIncoming === 'following' && !relationship.followedBy) return 'NotFollowedBySender'
  return undefined
}

/** Would opening and sending both be allowed? For `chat.bsky.convo.getConvoAvailability`. */
export function canChat(
  counterpart: Counterpart,
  recipient: Pick<Member, 'status'> | undefined,
  disabled: Disabled,
): boolean {
  try {
    assertMayOpen(counterpart, recipient, disabled)
    return true
  } catch (error) {
    if (error instanceof AppError) return false
    throw error
  }
}
