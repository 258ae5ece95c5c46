import { ChatBskyGroupApproveJoinRequest } from '@atcute/bluesky'
import { approveJoinRequest as approve } from '../../../../groups/join-requests.ts'
import { readConvoId } from '../../../../policy/visible-to.ts'
import { viewOfConvo } from '../../../../views/convo-view.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const approveJoinRequest = endpoint(
  ChatBskyGroupApproveJoinRequest.mainSchema,
  async (ctx, { caller, input }) => {
    const convoId = readConvoId(input.convoId)
    await approve(ctx, caller.did, { convoId, member: input.member })
    return { convo: await viewOfConvo(ctx, caller.did, convoId) }
  },
)
