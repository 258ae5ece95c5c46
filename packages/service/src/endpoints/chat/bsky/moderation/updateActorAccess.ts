import { ChatBskyModerationUpdateActorAccess } from '@atcute/bluesky'
import { updateActorAccess as update } from '../../../../moderation/access.ts'
import { moderatorEndpoint } from '../../../../xrpc/endpoint.ts'

export const updateActorAccess = moderatorEndpoint(
  ChatBskyModerationUpdateActorAccess.mainSchema,
  async (ctx, { input }) => {
    await update(ctx, input)
    return undefined
  },
)
