import { ChatBskyGroupEditJoinLink } from '@atcute/bluesky'
import { editJoinLink as edit } from '../../../../groups/join-link.ts'
import { readConvoId } from '../../../../policy/visible-to.ts'
import { joinLinkView } from '../../../../views/join-link-view.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'
import { readJoinRule } from '../../../known-values.ts'

export const editJoinLink = endpoint(ChatBskyGroupEditJoinLink.mainSchema, async (ctx, { caller, input }) => {
  const { joinRule, requireApproval } = input
  const settings = {
    ...(joinRule !== undefined && { joinRule: readJoinRule(joinRule) }),
    ...(requireApproval !== undefined && { requireApproval }),
  }
  return { joinLink: joinLinkView(await edit(ctx, caller.did, readConvoId(input.convoId), settings)) }
})
