import { ChatBskyGroupRequestJoin } from '@atcute/bluesky'
import { requestJoin as request } from '../../../../groups/request-join.ts'
import { viewOfConvo } from '../../../../views/convo-view.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const requestJoin = endpoint(ChatBskyGroupRequestJoin.mainSchema, async (ctx, { caller, input }) => {
  const joined = await request(ctx, caller.did, input.code)
  if (joined.status === 'pending') return joined
  return { status: joined.status, convo: await viewOfConvo(ctx, caller.did, joined.convoId) }
})
