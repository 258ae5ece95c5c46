import { ChatBskyConvoGetConvoMembers } from '@atcute/bluesky'
import { readConvoId, requireMembership } from '../../../../policy/visible-to.ts'
import { loadProfiles } from '../../../../views/profiles.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

/** A direct convo has two members, so there is never a second page. */
export const getConvoMembers = endpoint(
  ChatBskyConvoGetConvoMembers.mainSchema,
  async (ctx, { caller, params }) => {
    const { members } = await requireMembership(ctx.store, caller.did, readConvoId(params.convoId))
    const profiles = await loadProfiles(ctx, caller.did, members)
    return { members: members.map(did => profiles.view(did)) }
  },
)
