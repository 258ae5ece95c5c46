import { ChatBskyGroupListJoinRequests } from '@atcute/bluesky'
import { cutPage } from '../../../../page.ts'
import { assertOwner } from '../../../../policy/may-group.ts'
import { convoNotFound, readConvoId, requireMembership } from '../../../../policy/visible-to.ts'
import { joinRequestViews } from '../../../../views/join-request-view.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'
import { readCursor } from '../../../cursor.ts'

export const listJoinRequests = endpoint(
  ChatBskyGroupListJoinRequests.mainSchema,
  async (ctx, { caller, params }) => {
    const membership = await requireMembership(ctx.store, caller.did, readConvoId(params.convoId))
    if (membership.convo.kind !== 'group') throw convoNotFound()
    assertOwner(membership.convo, caller.did)
    const { limit } = params
    const before = readCursor(params.cursor)?.before
    const page = { limit: limit + 1, ...(before !== undefined && { before }) }
    const found = await ctx.store.joinRequests(membership, page)
    const { shown, next } = cutPage(found, limit, ({ requestedAt }) => requestedAt)
    return { ...next, requests: await joinRequestViews(ctx, caller.did, shown) }
  },
)
