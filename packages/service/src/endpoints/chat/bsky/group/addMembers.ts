import { ChatBskyGroupAddMembers } from '@atcute/bluesky'
import { addMembers as add } from '../../../../groups/add-members.ts'
import { readConvoId, requireMembership } from '../../../../policy/visible-to.ts'
import { convoViews } from '../../../../views/convo-view.ts'
import { loadProfiles } from '../../../../views/profiles.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const addMembers = endpoint(ChatBskyGroupAddMembers.mainSchema, async (ctx, { caller, input }) => {
  const convoId = readConvoId(input.convoId)
  const added = await add(ctx, caller.did, { convoId, members: input.members })
  const membership = await requireMembership(ctx.store, caller.did, convoId)
  const [convo] = await convoViews(ctx, caller.did, [membership])
  const profiles = await loadProfiles(ctx, caller.did, { convos: [{ membership, dids: added }] })
  return { convo: convo!, addedMembers: added.map(did => profiles.memberView(convoId, did)) }
})
