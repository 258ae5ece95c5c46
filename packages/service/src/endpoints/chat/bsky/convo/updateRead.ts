import { ChatBskyConvoUpdateRead } from '@atcute/bluesky'
import { markRead } from '../../../../messages/mark-read.ts'
import { readConvoId, readMessageId } from '../../../../policy/visible-to.ts'
import { viewOfConvo } from '../../../../views/convo-view.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

export const updateRead = endpoint(ChatBskyConvoUpdateRead.mainSchema, async (ctx, { caller, input }) => {
  const convoId = readConvoId(input.convoId)
  const messageId = input.messageId === undefined ? undefined : readMessageId(input.messageId)
  await markRead(ctx, caller.did, convoId, messageId)
  return { convo: await viewOfConvo(ctx, caller.did, convoId) }
})
