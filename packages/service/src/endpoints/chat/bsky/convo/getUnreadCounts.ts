import { ChatBskyConvoGetUnreadCounts } from '@atcute/bluesky'
import { countUnreadConvos } from '../../../../convos/unread-counts.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const getUnreadCounts = endpoint(ChatBskyConvoGetUnreadCounts.mainSchema, async (ctx, { caller }) => {
  const [unreadAcceptedConvos, unreadRequestConvos] = await Promise.all([
    countUnreadConvos(ctx, caller.did, 'accepted'),
    countUnreadConvos(ctx, caller.did, 'request'),
  ])
  return { unreadAcceptedConvos, unreadRequestConvos }
})
