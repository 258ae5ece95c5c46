import { ChatBskyGroupDisableJoinLink } from '@atcute/bluesky'
import { disableJoinLink as disable } from '../../../../groups/join-link.ts'
import { readConvoId } from '../../../../policy/visible-to.ts'
import { joinLinkView } from '../../../../views/join-link-view.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const disableJoinLink = endpoint(
  ChatBskyGroupDisableJoinLink.mainSchema,
  async (ctx, { caller, input }) => {
    return { joinLink: joinLinkView(await disable(ctx, caller.did, readConvoId(input.convoId))) }
  },
)
