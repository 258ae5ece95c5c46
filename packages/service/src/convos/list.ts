import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import type { MemberStatus } from '../store/rows.ts'
import type { Membership } from '../store/store.ts'
import { formatTid, type Tid } from '../tid.ts'

export interface ConvoFilter {
  limit: number
  before: Tid | undefined
  status?: MemberStatus | undefined
  unread?: boolean
  /** Direct convos count as unlocked (behaviour.md 2.2). */
  kind?: 'direct' | 'group' | undefined
  lockStatus?: 'unlocked' | 'locked' | 'locked-permanently' | undefined
}

/** A page of the viewer's convos, newest first, and the cursor of the next where there is more. */
export async function listConvos(
  ctx: Context,
  viewer: Did,
  filter: ConvoFilter,
): Promise<{ memberships: Membership[]; next: { cursor?: string } }> {
  const { limit, before, status, unread = false, kind = 'direct', lockStatus = 'unlocked' } = filter
  if (kind !== 'direct' || lockStatus !== 'unlocked') return { memberships: [], next: {} }
  const found = await ctx.store.listMemberships(viewer, {
    limit: limit + 1,
    unread,
    ...(before !== undefined && { before }),
    ...(status && { status }),
  })
  const memberships = found.slice(0, limit)
  const next = found.length > limit ? { cursor: formatTid(memberships.at(-1)!.viewer.rev) } : {}
  return { memberships, next }
}
