import { ChatBskyGroupCreateJoinLink } from '@atcute/bluesky'
import { createJoinLink as create } from '../../../../groups/join-link.ts'
import { readConvoId } from '../../../../policy/visible-to.ts'
import { joinLinkView } from '../../../../views/join-link-view.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'
import { readJoinRule } from '../../../known-values.ts'

export const createJoinLink = endpoint(
  ChatBskyGroupCreateJoinLink.mainSchema,
  async (ctx, { caller, input }) => {
    const joinRule = readJoinRule(input.joinRule)
    const settings = { joinRule, requireApproval: input.requireApproval }
    const link = await create(ctx, caller.did, readConvoId(input.convoId), settings)
    return { joinLink: joinLinkView(link) }
  },
)
