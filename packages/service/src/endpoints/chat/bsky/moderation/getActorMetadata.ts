import { ChatBskyModerationGetActorMetadata } from '@atcute/bluesky'
import { tidAt } from '../../../../tid.ts'
import { moderatorEndpoint } from '../../../../xrpc/endpoint.ts'

const dayMs = 24 * 60 * 60 * 1000

/** What an account did in chats in the last day, the last 30 days, and ever. */
export const getActorMetadata = moderatorEndpoint(
  ChatBskyModerationGetActorMetadata.mainSchema,
  async (ctx, { params }) => {
    const activitySince = (ms: number) => ctx.store.forModerators.activity(params.actor, tidAt(ms))
    const now = ctx.clock.now()
    const [day, month, all] = await Promise.all([
      activitySince(now - dayMs),
      activitySince(now - 30 * dayMs),
      activitySince(0),
    ])
    return { day, month, all }
  },
)
