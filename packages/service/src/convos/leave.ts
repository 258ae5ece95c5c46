import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { leaveGroup } from '../groups/leave.ts'
import { requireMember } from '../policy/visible-to.ts'
import type { Member } from '../store/rows.ts'
import type { Transaction } from '../store/transaction.ts'
import type { Tid } from '../tid.ts'

/**
 * Leaves a convo: `chat.bsky.convo.leaveConvo`.
 * @returns the rev of leaving, the earlier one where a direct convo was left already
 * @throws InvalidConvo, OwnerCannotLeave
 */
export function leaveConvo(ctx: Context, caller: Did, convoId: Tid): Promise<Tid> {
  return ctx.store.transact({ convos: [convoId], requestsTo: [convoId] }, tx => {
    const member = requireMember(tx, caller, convoId)
    const convo = tx.convo(convoId)!
    return convo.kind === 'group' ? leaveGroup(tx, convo, member) : leaveDirect(tx, member)
  })
}

/**
 * Out of the member's lists, its history out of their sight for good; the other side is untouched. A later
 * message brings it back as a request (behaviour.md 2.3, 3.7).
 */
export function leaveDirect(tx: Transaction, member: Member): Tid {
  const hasLeft = member.status === 'request' && !member.listed
  if (hasLeft) return member.rev
  const rev = tx.nextRev()
  tx.putMember({
    ...member,
    status: 'request',
    rev,
    listed: false,
    visibleFrom: rev,
    lastMessage: 0,
    readUpTo: rev,
    unread: 0,
  })
  tx.appendLog({ did: member.did, rev, type: 'leaveConvo', convoId: member.convoId })
  return rev
}
