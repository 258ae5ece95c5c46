import { ChatBskyGroupGetJoinLinkPreviews } from '@atcute/bluesky'
import { joinLinkPreviews } from '../../../../views/join-link-previews.ts'
import { publicEndpoint } from '../../../../xrpc/endpoint.ts'

/** Also for those who are not logged in: a link is shown before one has an account. */
export const getJoinLinkPreviews = publicEndpoint(
  ChatBskyGroupGetJoinLinkPreviews.mainSchema,
  async (ctx, { caller, params }) => {
    const previews = await joinLinkPreviews(ctx, caller?.did, params.codes)
    return { joinLinkPreviews: params.codes.map(code => previews.get(code)!) }
  },
)
