import { ChatBskyConvoUpdateAllRead } from '@atcute/bluesky'
import { markAllRead } from '../../../../messages/mark-read.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'
import { readKnown } from '../../../known-values.ts'

export const updateAllRead = endpoint(
  ChatBskyConvoUpdateAllRead.mainSchema,
  async (ctx, { caller, input }) => {
    const status = readKnown('status', input.status, ['accepted', 'request'])
    return { updatedCount: await markAllRead(ctx, caller.did, status) }
  },
)
