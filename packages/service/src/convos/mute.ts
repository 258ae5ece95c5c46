import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { requireMember } from '../policy/visible-to.ts'
import type { Tid } from '../tid.ts'

/** Mutes or unmutes for the caller alone. Logged only where it changes something. */
export function setMuted(ctx: Context, caller: Did, convoId: Tid, muted: boolean): Promise<void> {
  return ctx.store.transact({ convos: [convoId] }, tx => {
    const member = requireMember(tx, caller, convoId)
    if (member.muted === muted) return
    tx.putMember({ ...member, muted })
    tx.appendLog({ did: caller, rev: tx.nextRev(), type: muted ? 'muteConvo' : 'unmuteConvo', convoId })
  })
}
