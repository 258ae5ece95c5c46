import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { reportAccepted } from '../moderation/mod-events.ts'
import { requireMember } from '../policy/visible-to.ts'
import type { Member } from '../store/rows.ts'
import type { Transaction } from '../store/transaction.ts'
import type { Tid } from '../tid.ts'

/** Accepts a request. @returns the rev of the change, `undefined` where it was accepted already */
export function acceptConvo(ctx: Context, caller: Did, convoId: Tid): Promise<Tid | undefined> {
  return ctx.store.transact({ convos: [convoId] }, tx => {
    const member = requireMember(tx, caller, convoId)
    if (member.status === 'accepted') return undefined
    return accept(tx, member, 'explicit')
  })
}

/** Marks as accepted and says so in the member's log. @returns the rev of the change */
export function accept(tx: Transaction, member: Member, method: 'explicit' | 'message'): Tid {
  const rev = tx.nextRev()
  tx.putMember({ ...member, status: 'accepted' })
  tx.appendLog({ did: member.did, rev, type: 'acceptConvo', convoId: member.convoId })
  reportAccepted(tx, { convo: tx.convo(member.convoId)!, actor: member.did, rev }, method)
  return rev
}
