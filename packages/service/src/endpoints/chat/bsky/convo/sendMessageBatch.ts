import { ChatBskyConvoSendMessageBatch } from '@atcute/bluesky'
import { readDraft, readIdempotencyKey } from '../../../../messages/draft.ts'
import { sendMessages } from '../../../../messages/send.ts'
import { sentViews } from '../../../../views/message-views.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'

/**
 * Takes `idempotencyKey` on each item, beside the lexicon's fields; one on the whole input stands for the
 * items that have none, told apart by their place.
 */
type Extended = { idempotencyKey?: unknown }

export const sendMessageBatch = endpoint(
  ChatBskyConvoSendMessageBatch.mainSchema,
  async (ctx, { caller, input }) => {
    const whole = readIdempotencyKey((input as Extended).idempotencyKey)
    const drafts = input.items.map((item, place) => {
      const own = readIdempotencyKey((item as Extended).idempotencyKey)
      return readDraft(item, own ?? (whole && placedKey(whole, place)))
    })
    return { items: await sentViews(ctx, caller.did, await sendMessages(ctx, caller.did, drafts)) }
  },
)

/** No key that a caller can give has a line break, so none is taken for another. */
function placedKey(key: string, place: number): string {
  return `${key}\n${place}`
}
