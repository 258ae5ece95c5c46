import { ChatBskyGroupWithdrawJoinRequest } from '@atcute/bluesky'
import { noJoinRequest, withdrawJoinRequest as withdraw } from '../../../../groups/join-requests.ts'
import { parseTid } from '../../../../tid.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

/** The lexicon knows no other error: what cannot be the id of a convo is one that nobody has asked to join. */
export const withdrawJoinRequest = endpoint(
  ChatBskyGroupWithdrawJoinRequest.mainSchema,
  async (ctx, { caller, input }) => {
    const convoId = parseTid(input.convoId)
    if (convoId === undefined) throw noJoinRequest()
    await withdraw(ctx, caller.did, convoId)
    return {}
  },
)
