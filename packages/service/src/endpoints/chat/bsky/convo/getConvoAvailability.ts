import { ChatBskyConvoGetConvoAvailability } from '@atcute/bluesky'
import { findAvailability } from '../../../../convos/availability.ts'
import { otherOf } from '../../../../convos/open-direct.ts'
import { convoViews } from '../../../../views/convo-view.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const getConvoAvailability = endpoint(
  ChatBskyConvoGetConvoAvailability.mainSchema,
  async (ctx, { caller, params }) => {
    const onlySelf = params.members.every(did => did === caller.did)
    if (onlySelf) return { canChat: false }
    const other = otherOf(caller.did, params.members)
    const { canChat, membership } = await findAvailability(ctx, caller.did, other)
    const [convo] = membership ? await convoViews(ctx, caller.did, [membership]) : []
    return { canChat, ...(convo && { convo }) }
  },
)
