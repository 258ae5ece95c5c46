import { ChatBskyConvoRemoveReaction } from '@atcute/bluesky'
import { readReactionInput, removeReaction as remove } from '../../../../messages/react.ts'
import { viewOfMessage } from '../../../../views/message-views.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const removeReaction = endpoint(
  ChatBskyConvoRemoveReaction.mainSchema,
  async (ctx, { caller, input }) => {
    const reaction = readReactionInput(input)
    await remove(ctx, caller.did, reaction)
    return { message: await viewOfMessage(ctx, caller.did, reaction) }
  },
)
