import { ChatBskyConvoGetConvoForMembers } from '@atcute/bluesky'
import { openDirectConvo, otherOf } from '../../../../convos/open-direct.ts'
import { viewOfConvo } from '../../../../views/convo-view.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const getConvoForMembers = endpoint(
  ChatBskyConvoGetConvoForMembers.mainSchema,
  async (ctx, { caller, params }) => {
    const convoId = await openDirectConvo(ctx, caller.did, otherOf(caller.did, params.members))
    return { convo: await viewOfConvo(ctx, caller.did, convoId) }
  },
)
