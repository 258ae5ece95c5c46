import { ChatBskyConvoSendMessage } from '@atcute/bluesky'
import { readDraft, readIdempotencyKey } from '../../../../messages/draft.ts'
import { sendMessages } from '../../../../messages/send.ts'
import { sentViews } from '../../../../views/message-views.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

/** Takes `idempotencyKey` beside the lexicon's fields: our extension, ignored by other services. */
type Extended = { idempotencyKey?: unknown }

export const sendMessage = endpoint(ChatBskyConvoSendMessage.mainSchema, async (ctx, { caller, input }) => {
  const draft = readDraft(input, readIdempotencyKey((input as Extended).idempotencyKey))
  const [view] = await sentViews(ctx, caller.did, await sendMessages(ctx, caller.did, [draft]))
  return view!
})
