import { ChatBskyModerationGetConvos } from '@atcute/bluesky'
import { parseTid } from '../../../../tid.ts'
import { moderatedConvoViews } from '../../../../views/moderation-views.ts'
import { moderatorEndpoint } from '../../../../xrpc/endpoint.ts'

/** Convos that do not exist are left out. */
export const getConvos = moderatorEndpoint(
  ChatBskyModerationGetConvos.mainSchema,
  async (ctx, { params }) => {
    const convoIds = params.convoIds.flatMap(text => parseTid(text) ?? [])
    const found = await ctx.store.forModerators.convos([...new Set(convoIds)])
    return { convos: await moderatedConvoViews(ctx, found) }
  },
)
