import { ChatBskyGroupRemoveMembers } from '@atcute/bluesky'
import { removeMembers as remove } from '../../../../groups/remove-members.ts'
import { readConvoId } from '../../../../policy/visible-to.ts'
import { viewOfConvo } from '../../../../views/convo-view.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const removeMembers = endpoint(
  ChatBskyGroupRemoveMembers.mainSchema,
  async (ctx, { caller, input }) => {
    const convoId = readConvoId(input.convoId)
    await remove(ctx, caller.did, { convoId, members: input.members })
    return { convo: await viewOfConvo(ctx, caller.did, convoId) }
  },
)
