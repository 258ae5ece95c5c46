import { ChatBskyGroupUpdateJoinRequestsRead } from '@atcute/bluesky'
import { markJoinRequestsRead } from '../../../../groups/join-requests.ts'
import { readConvoId } from '../../../../policy/visible-to.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const updateJoinRequestsRead = endpoint(
  ChatBskyGroupUpdateJoinRequestsRead.mainSchema,
  async (ctx, { caller, input }) => {
    await markJoinRequestsRead(ctx, caller.did, readConvoId(input.convoId))
    return {}
  },
)
