import { ChatBskyGroupEditGroup } from '@atcute/bluesky'
import { editGroup as edit } from '../../../../groups/edit.ts'
import { readConvoId } from '../../../../policy/visible-to.ts'
import { viewOfConvo } from '../../../../views/convo-view.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const editGroup = endpoint(ChatBskyGroupEditGroup.mainSchema, async (ctx, { caller, input }) => {
  const convoId = readConvoId(input.convoId)
  await edit(ctx, caller.did, { convoId, name: input.name })
  return { convo: await viewOfConvo(ctx, caller.did, convoId) }
})
