import { ChatBskyNotificationPutPreferences } from '@atcute/bluesky'
import { putPreferences as put } from '../../../../notifications/preferences.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'
import { readKnown } from '../../../known-values.ts'

export const putPreferences = endpoint(
  ChatBskyNotificationPutPreferences.mainSchema,
  async (ctx, { caller, input }) => {
    readKnown('chat.include', input.chat?.include, ['all', 'follows'])
    readKnown('chatRequest.include', input.chatRequest?.include, ['all', 'follows'])
    return { preferences: await put(ctx, caller.did, input) }
  },
)
