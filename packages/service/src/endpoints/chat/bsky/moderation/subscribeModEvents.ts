import { ChatBskyModerationSubscribeModEvents } from '@atcute/bluesky'
import { openModEvents } from '../../../../limits.ts'
import { followModEvents } from '../../../../moderation/follow-events.ts'
import { moderatorSubscription } from '../../../../xrpc/subscription.ts'
import { readCursor } from '../../../cursor.ts'

export const subscribeModEvents = moderatorSubscription(
  ChatBskyModerationSubscribeModEvents.mainSchema,
  { openMax: openModEvents },
  (ctx, { params, signal }) => followModEvents(ctx.store, readCursor(params.cursor)?.after, signal),
)
