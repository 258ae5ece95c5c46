import { mainSchema as getLog } from '@atcute/bluesky/types/chat/convo/getLog'
import * as v from '@atcute/lexicons/validations'

/**
 * Rows of the log as they come, the same that `chat.bsky.convo.getLog` gives: a WebSocket straight to the service. The
 * token that opens it has `chat.bsky.convo.getLog` as its method, and it stays open for as long as that token is good.
 */
const logsSchema = v.object({
  $type: v.optional(v.literal('chat.parley.convo.subscribeLog#logs')),
  /** Where these rows end: what to go on from. */
  cursor: v.string(),
  /** None in the first message where nothing was missed, and where nothing has happened for a while. */
  get logs() {
    return getLog.output.schema.shape.logs
  },
})

export const mainSchema = v.subscription('chat.parley.convo.subscribeLog', {
  params: v.object({
    /** Begin behind this. Without it: with what happens from now on. */
    cursor: v.optional(v.string()),
  }),
  message: v.variant([logsSchema]),
})

export type $message = v.InferInput<(typeof mainSchema)['message']>
