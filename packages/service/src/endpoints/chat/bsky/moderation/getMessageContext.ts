import { ChatBskyModerationGetMessageContext } from '@atcute/bluesky'
import { messageContext } from '../../../../moderation/message-context.ts'
import { readConvoId, readMessageId } from '../../../../policy/visible-to.ts'
import { contextViews } from '../../../../views/moderation-views.ts'
import { moderatorEndpoint } from '../../../../xrpc/endpoint.ts'

export const getMessageContext = moderatorEndpoint(
  ChatBskyModerationGetMessageContext.mainSchema,
  async (ctx, { params }) => {
    const { before, after, maxInterleavedSystemMessages: systemMessagesMax } = params
    const convoId = params.convoId === undefined ? undefined : readConvoId(params.convoId)
    const target = { messageId: readMessageId(params.messageId), convoId }
    const found = await messageContext(ctx, target, { before, after, systemMessagesMax })
    return { messages: await contextViews(ctx, found) }
  },
)
