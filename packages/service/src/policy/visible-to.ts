import type { Did } from '@atcute/lexicons/syntax'
import { AppError, invalidRequest } from '../errors.ts'
import type { Convo, Member, Message } from '../store/rows.ts'
import type { Membership, Party, StoreReader } from '../store/store.ts'
import type { Transaction } from '../store/transaction.ts'
import { parseTid, type Tid } from '../tid.ts'

/**
 * What may this account see? Not there and not yours are the same answer everywhere, so that nobody learns
 * which convos and messages exist.
 */

export function convoNotFound(): AppError {
  return new AppError('InvalidConvo', 'Convo not found')
}

/** No lexicon has a name for it. */
export function messageNotFound(): AppError {
  return invalidRequest('Message not found')
}

/** A convo id of the wire. What cannot be an id names no convo. @throws InvalidConvo */
export function readConvoId(text: string): Tid {
  const convoId = parseTid(text)
  if (convoId === undefined) throw convoNotFound()
  return convoId
}

/** A message id of the wire. @throws InvalidRequest */
export function readMessageId(text: string): Tid {
  const messageId = parseTid(text)
  if (messageId === undefined) throw messageNotFound()
  return messageId
}

/** @throws InvalidConvo */
export async function requireMembership(store: StoreReader, viewer: Did, convoId: Tid): Promise<Membership> {
  const membership = (await store.memberships(viewer, [convoId])).get(convoId)
  if (!membership) throw convoNotFound()
  return membership
}

/** The viewer's own side, inside a transaction. @throws InvalidConvo */
export function requireMember(tx: Transaction, viewer: Did, convoId: Tid): Member {
  const member = tx.member(convoId, viewer)
  if (!member || member.rev === 0) throw convoNotFound()
  return member
}

/** The message, where this member may see it; one they deleted for themself is found too. @throws InvalidRequest */
export function requireMessage(tx: Transaction, member: Member, messageId: Tid): Message {
  const message = tx.message(member.convoId, messageId)
  if (!message || message.id <= member.visibleFrom) throw messageNotFound()
  return message
}

/** Those on whose accounts the groups among these depend, each once. */
export function ownersOf(seen: readonly { convo: Convo }[]): Did[] {
  return [...new Set(seen.flatMap(({ convo }) => (convo.kind === 'group' ? convo.owner : [])))]
}

/** The other one of a direct convo. A group has no counterpart: its members are not asked about each other. */
export function othersIn(viewer: Did, { convo, members }: Party): Did[] {
  return convo.kind === 'group' ? [] : members.filter(did => did !== viewer)
}
