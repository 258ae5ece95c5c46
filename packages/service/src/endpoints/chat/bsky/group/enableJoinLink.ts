import { ChatBskyGroupEnableJoinLink } from '@atcute/bluesky'
import { enableJoinLink as enable } from '../../../../groups/join-link.ts'
import { readConvoId } from '../../../../policy/visible-to.ts'
import { joinLinkView } from '../../../../views/join-link-view.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const enableJoinLink = endpoint(
  ChatBskyGroupEnableJoinLink.mainSchema,
  async (ctx, { caller, input }) => {
    return { joinLink: joinLinkView(await enable(ctx, caller.did, readConvoId(input.convoId))) }
  },
)
