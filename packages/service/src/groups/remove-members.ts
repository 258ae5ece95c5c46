import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { invalidRequest } from '../errors.ts'
import { reportGroupEvent } from '../moderation/mod-events.ts'
import { requireOwner } from '../policy/may-group.ts'
import type { Tid } from '../tid.ts'
import { announce } from './announce.ts'
import { takeOut } from './take-out.ts'

/**
 * Removes people from a group: `chat.bsky.group.removeMembers`. Who is no member is passed over. They are told that they
 * have left, the others who it was; the link does not let them back in.
 * @throws InsufficientRole, InvalidConvo, InvalidRequest
 */
export function removeMembers(
  ctx: Context,
  caller: Did,
  { convoId, members }: { convoId: Tid; members: readonly Did[] },
): Promise<void> {
  const asked = [...new Set(members)]
  return ctx.store.transact({ convos: [convoId] }, tx => {
    const { group } = requireOwner(tx, caller, convoId)
    if (asked.includes(caller))
      throw invalidRequest('the owner cannot be removed; lock the group and leave it')
    const removed = asked.flatMap(did => tx.member(convoId, did) ?? [])
    let shrunk = group
    for (const member of removed) {
      shrunk = takeOut(tx, shrunk, member).group
      tx.setKicked(convoId, member.did, true)
    }
    for (const { did } of removed) {
      const rev = announce(tx, shrunk, { type: 'removeMember', member: did, removedBy: caller })
      const details = { subjectDid: did, leaveMethod: 'kicked' }
      reportGroupEvent(tx, 'eventGroupChatMemberLeft', { group: shrunk, actor: caller, rev }, details)
    }
  })
}
