import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { askAbout, canChat } from '../policy/may-message.ts'
import type { Membership } from '../store/store.ts'

/** Whether the two could talk, and the convo they have. Never begins one: `chat.bsky.convo.getConvoAvailability`. */
export async function findAvailability(
  ctx: Context,
  caller: Did,
  other: Did,
): Promise<{ canChat: boolean; membership?: Membership }> {
  const [membership, counterparts, disabled] = await Promise.all([
    ctx.store.directMembership(caller, other),
    askAbout(ctx.people, caller, [other]),
    ctx.store.disabledAmong([caller, other]),
  ])
  const theirs =
    membership && (await ctx.store.memberships(other, [membership.convo.id])).get(membership.convo.id)
  return {
    canChat: canChat(counterparts.get(other)!, theirs?.viewer, {
      sender: disabled.has(caller),
      recipient: disabled.has(other),
    }),
    ...(membership && { membership }),
  }
}
