import { AppError } from '../errors.ts'
import { reportGroupEvent } from '../moderation/mod-events.ts'
import type { GroupConvo, Member } from '../store/rows.ts'
import type { Transaction } from '../store/transaction.ts'
import type { Tid } from '../tid.ts'
import { announce } from './announce.ts'
import { tellWithdrawn } from './join-requests.ts'
import { takeOut } from './take-out.ts'

/**
 * Ends the caller's membership. The owner's leaving ends the group, and needs it locked before so that
 * nobody does it by mistake (`chat.bsky.convo.leaveConvo`). The scope must name who asks to join.
 * @returns the rev of leaving
 * @throws OwnerCannotLeave
 */
export function leaveGroup(tx: Transaction, group: GroupConvo, member: Member): Tid {
  const isOwner = member.did === group.owner
  if (isOwner && group.lock === 'unlocked') {
    throw new AppError('OwnerCannotLeave', 'lock the group first: it ends when its owner leaves')
  }
  if (isOwner) return endGroup(tx, group, member)
  const { group: remaining, rev } = takeOut(tx, group, member)
  announceLeaving(tx, remaining, member)
  return rev
}

/** Who asked to join hears that there is nothing to wait for. The members stay, with a history to read. */
export function endGroup(tx: Transaction, group: GroupConvo, owner: Member): Tid {
  const ended: GroupConvo = { ...group, lock: 'locked-permanently', requestCount: 0 }
  const { group: remaining, rev } = takeOut(tx, ended, owner)
  for (const request of tx.joinRequests(group.id)) {
    tx.removeJoinRequest(request)
    tellWithdrawn(tx, request, rev)
  }
  const lockRev = announce(tx, remaining, { type: 'lockConvoPermanently', lockedBy: owner.did })
  const facts = { group: remaining, actor: owner.did, rev: lockRev }
  reportGroupEvent(tx, 'eventGroupChatUpdated', facts, { updateType: 'locked_permanently' })
  announceLeaving(tx, remaining, owner)
  return rev
}

function announceLeaving(tx: Transaction, remaining: GroupConvo, { did }: Member): void {
  const rev = announce(tx, remaining, { type: 'memberLeave', member: did })
  const facts = { group: remaining, actor: did, rev }
  const details = { subjectDid: did, leaveMethod: 'voluntary' }
  reportGroupEvent(tx, 'eventGroupChatMemberLeft', facts, details)
}
