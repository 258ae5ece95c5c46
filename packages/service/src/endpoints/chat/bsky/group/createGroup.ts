import { ChatBskyGroupCreateGroup } from '@atcute/bluesky'
import { createGroup as create } from '../../../../groups/create.ts'
import { viewOfConvo } from '../../../../views/convo-view.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const createGroup = endpoint(ChatBskyGroupCreateGroup.mainSchema, async (ctx, { caller, input }) => {
  const convoId = await create(ctx, caller.did, input)
  return { convo: await viewOfConvo(ctx, caller.did, convoId) }
})
