import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { askWhoIsGone } from '../groups/owner-state.ts'
import { unreadCountPagesMax } from '../limits.ts'
import { askAbout, isReachable } from '../policy/may-message.ts'
import { othersIn, ownersOf } from '../policy/visible-to.ts'
import type { Convo, MemberStatus } from '../store/rows.ts'
import type { Membership } from '../store/store.ts'

/** 100 means "more than 99", `chat.bsky.convo.getUnreadCounts`. */
const countMax = 100

/**
 * How many unmuted, unlocked convos of this status hold something unread. Direct convos with a block either way, or
 * whose other member is gone, do not count, nor groups whose owner is. Only so many are looked at: clients ask after
 * almost every poll, and whoever is flooded by accounts that they block must not cost more than others.
 */
export async function countUnreadConvos(
  ctx: Context,
  caller: Did,
  { status, kind }: { status: MemberStatus; kind?: Convo['kind'] },
): Promise<number> {
  let count = 0
  let before: number | undefined
  for (let pages = 0; pages < unreadCountPagesMax && count < countMax; pages++) {
    const page = await ctx.store.listMemberships(caller, {
      status,
      unread: true,
      unmuted: true,
      lock: 'unlocked',
      ...(kind && { kind }),
      limit: countMax,
      ...(before !== undefined && { before }),
    })
    if (page.length === 0) break
    count += await countReachable(ctx, caller, page)
    before = page.at(-1)!.viewer.rev
    if (page.length < countMax) break
  }
  return Math.min(count, countMax)
}

async function countReachable(ctx: Context, caller: Did, page: readonly Membership[]): Promise<number> {
  const owners = ownersOf(page)
  const [counterparts, gone, disabled] = await Promise.all([
    askAbout(ctx.people, caller, [...new Set(page.flatMap(membership => othersIn(caller, membership)))]),
    askWhoIsGone(ctx.people, caller, owners),
    ctx.store.disabledAmong(owners),
  ])
  return page.filter(membership => {
    const { convo } = membership
    if (convo.kind === 'group') return !gone.has(convo.owner) && !disabled.has(convo.owner)
    return othersIn(caller, membership).every(did => isReachable(counterparts.get(did)!))
  }).length
}
