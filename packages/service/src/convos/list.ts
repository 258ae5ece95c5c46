import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { cutPage } from '../page.ts'
import type { Convo, LockStatus, MemberStatus } from '../store/rows.ts'
import type { Membership, OwnJoinRequest } from '../store/store.ts'
import type { Tid } from '../tid.ts'

export interface ConvoFilter {
  limit: number
  before: Tid | undefined
  status?: MemberStatus | undefined
  unread?: boolean
  kind?: Convo['kind'] | undefined
  /** As the owner has set it; direct convos count as unlocked (behaviour.md 2.2). */
  lock?: LockStatus | undefined
  sharedWith?: Did
}

/** A page of the viewer's convos, newest first, and the cursor of the next where there is more. */
export async function listConvos(
  ctx: Context,
  viewer: Did,
  filter: ConvoFilter,
): Promise<{ memberships: Membership[]; next: { cursor?: string } }> {
  const { limit, before, status, unread = false, kind, lock, sharedWith } = filter
  const found = await ctx.store.listMemberships(viewer, {
    limit: limit + 1,
    unread,
    ...(before !== undefined && { before }),
    ...(status && { status }),
    ...(kind && { kind }),
    ...(lock && { lock }),
    ...(sharedWith && { sharedWith }),
  })
  const { shown: memberships, next } = cutPage(found, limit, ({ viewer }) => viewer.rev)
  return { memberships, next }
}

/** What waits: requests to the viewer to take part, and the viewer's own to join. */
export type Waiting = { membership: Membership } | { own: OwnJoinRequest }

/** A page of what waits, newest first: `chat.bsky.convo.listConvoRequests`. */
export async function listRequests(
  ctx: Context,
  viewer: Did,
  page: { limit: number; before: Tid | undefined },
): Promise<{ waiting: Waiting[]; next: { cursor?: string } }> {
  const { before } = page
  const limits = { limit: page.limit + 1, ...(before !== undefined && { before }) }
  const [memberships, own] = await Promise.all([
    ctx.store.listMemberships(viewer, { ...limits, status: 'request' }),
    ctx.store.ownJoinRequests(viewer, limits),
  ])
  const found = [
    ...memberships.map(membership => ({ rev: membership.viewer.rev, item: { membership } })),
    ...own.map(request => ({ rev: request.requestedAt, item: { own: request } })),
  ].sort((a, b) => b.rev - a.rev)
  const { shown, next } = cutPage(found, page.limit, ({ rev }) => rev)
  return { waiting: shown.map(({ item }) => item), next }
}
