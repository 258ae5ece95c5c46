import { ChatBskyModerationGetMessageContext } from '@atcute/bluesky'
import { messageContext } from '../../../../moderation/message-context.ts'
import { messageNotFound, readMessageId } from '../../../../policy/visible-to.ts'
import { parseTid } from '../../../../tid.ts'
import { contextViews } from '../../../../views/moderation-views.ts'
import { moderatorEndpoint } from '../../../../xrpc/endpoint.ts'

export const getMessageContext = moderatorEndpoint(
  ChatBskyModerationGetMessageContext.mainSchema,
  async (ctx, { params }) => {
    const { before, after, maxInterleavedSystemMessages: systemMessagesMax } = params
    const convoId = params.convoId === undefined ? undefined : parseTid(params.convoId)
    // Its lexicon has no InvalidConvo: no message is in a convo that cannot be.
    if (params.convoId !== undefined && convoId === undefined) throw messageNotFound()
    const target = { messageId: readMessageId(params.messageId), convoId }
    const found = await messageContext(ctx, target, { before, after, systemMessagesMax })
    return { messages: await contextViews(ctx, found) }
  },
)
