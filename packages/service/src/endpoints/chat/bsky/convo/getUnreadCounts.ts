import { ChatBskyConvoGetUnreadCounts } from '@atcute/bluesky'
import { countUnreadConvos } from '../../../../convos/unread-counts.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const getUnreadCounts = endpoint(
  ChatBskyConvoGetUnreadCounts.mainSchema,
  async (ctx, { caller, params }) => {
    const kind = params.includeGroupChats ? {} : ({ kind: 'direct' } as const)
    const [unreadAcceptedConvos, unreadRequestConvos] = await Promise.all([
      countUnreadConvos(ctx, caller.did, { status: 'accepted', ...kind }),
      countUnreadConvos(ctx, caller.did, { status: 'request', ...kind }),
    ])
    return { unreadAcceptedConvos, unreadRequestConvos }
  },
)
