import { ChatBskyNotificationGetPreferences } from '@atcute/bluesky'
import { preferencesOf } from '../../../../notifications/preferences.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const getPreferences = endpoint(
  ChatBskyNotificationGetPreferences.mainSchema,
  async (ctx, { caller }) => {
    return { preferences: preferencesOf(await ctx.store.account(caller.did)) }
  },
)
