import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { unreadCountPagesMax } from '../limits.ts'
import { askAbout, isReachable } from '../policy/may-message.ts'
import { othersIn } from '../policy/visible-to.ts'
import type { MemberStatus } from '../store/rows.ts'

/** 100 means "more than 99", `chat.bsky.convo.getUnreadCounts`. */
const countMax = 100

/**
 * How many unmuted convos of this status hold something unread. Direct convos with a block either way, or
 * whose other member is gone, do not count. Only so many are looked at: clients ask after almost every poll, and
 * whoever is flooded by accounts that they block must not cost more than others.
 */
export async function countUnreadConvos(ctx: Context, caller: Did, status: MemberStatus): Promise<number> {
  let count = 0
  let before: number | undefined
  for (let pages = 0; pages < unreadCountPagesMax && count < countMax; pages++) {
    const page = await ctx.store.listMemberships(caller, {
      status,
      unread: true,
      unmuted: true,
      limit: countMax,
      ...(before !== undefined && { before }),
    })
    if (page.length === 0) break
    const counterparts = await askAbout(ctx.people, caller, [...new Set(page.flatMap(othersIn))])
    count += page.filter(entry => othersIn(entry).every(did => isReachable(counterparts.get(did)!))).length
    before = page.at(-1)!.viewer.rev
    if (page.length < countMax) break
  }
  return Math.min(count, countMax)
}
