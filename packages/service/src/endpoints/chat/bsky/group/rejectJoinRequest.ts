import { ChatBskyGroupRejectJoinRequest } from '@atcute/bluesky'
import { rejectJoinRequest as reject } from '../../../../groups/join-requests.ts'
import { readConvoId } from '../../../../policy/visible-to.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const rejectJoinRequest = endpoint(
  ChatBskyGroupRejectJoinRequest.mainSchema,
  async (ctx, { caller, input }) => {
    await reject(ctx, caller.did, { convoId: readConvoId(input.convoId), member: input.member })
    return {}
  },
)
