import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { requireMember } from '../policy/visible-to.ts'
import type { Tid } from '../tid.ts'

/**
 * Leaves a direct convo: out of the caller's lists, its history out of their sight for good; the other side
 * is untouched. A later message brings it back as a request (behaviour.md 2.3, 3.7).
 * @returns the rev of leaving, the earlier one where it was left already
 */
export function leaveConvo(ctx: Context, caller: Did, convoId: Tid): Promise<Tid> {
  return ctx.store.transact({ convos: [convoId] }, tx => {
    const member = requireMember(tx, caller, convoId)
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
    tx.appendLog({ did: caller, rev, type: 'leaveConvo', convoId })
    return rev
  })
}
