import { ChatBskyConvoAddReaction } from '@atcute/bluesky'
import { addReaction as add, readReactionInput } from '../../../../messages/react.ts'
import { viewOfMessage } from '../../../../views/message-views.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const addReaction = endpoint(ChatBskyConvoAddReaction.mainSchema, async (ctx, { caller, input }) => {
  const reaction = readReactionInput(input)
  await add(ctx, caller.did, reaction)
  return { message: await viewOfMessage(ctx, caller.did, reaction) }
})
