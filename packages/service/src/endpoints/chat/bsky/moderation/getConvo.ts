import { ChatBskyModerationGetConvo } from '@atcute/bluesky'
import { convoNotFound, readConvoId } from '../../../../policy/visible-to.ts'
import { moderatedConvoViews } from '../../../../views/moderation-views.ts'
import { moderatorEndpoint } from '../../../../xrpc/endpoint.ts'

export const getConvo = moderatorEndpoint(ChatBskyModerationGetConvo.mainSchema, async (ctx, { params }) => {
  const found = await ctx.store.forModerators.convos([readConvoId(params.convoId)])
  const [convo] = await moderatedConvoViews(ctx, found)
  if (!convo) throw convoNotFound()
  return { convo }
})
