import { ChatBskyConvoGetMessages } from '@atcute/bluesky'
import { readConvoId } from '../../../../policy/visible-to.ts'
import { messagePage } from '../../../../views/message-views.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'
import { readCursor } from '../../../cursor.ts'

export const getMessages = endpoint(ChatBskyConvoGetMessages.mainSchema, async (ctx, { caller, params }) => {
  const cursor = readCursor(params.cursor)
  return messagePage(ctx, caller.did, readConvoId(params.convoId), {
    before: cursor?.before,
    limit: params.limit,
  })
})
