import { ChatBskyModerationSubscribeModEvents } from '@atcute/bluesky'
import { followModEvents } from '../../../../moderation/follow-events.ts'
import { moderatorSubscription } from '../../../../xrpc/subscription.ts'
import { readCursor } from '../../../cursor.ts'

export const subscribeModEvents = moderatorSubscription(
  ChatBskyModerationSubscribeModEvents.mainSchema,
  (ctx, { params, signal }) => followModEvents(ctx.store, readCursor(params.cursor)?.after, signal),
)
