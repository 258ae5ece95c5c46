import { mainSchema } from '@parley/lexicons/chat/parley/convo/subscribeLog'
import { openLogs } from '../../../../limits.ts'
import { followLog } from '../../../../views/follow-log.ts'
import { subscription } from '../../../../xrpc/subscription.ts'
import { readCursor } from '../../../cursor.ts'

/** Opened with a token for getLog, which no PDS gives out without the permission to read messages (design.md 4.6). */
export const subscribeLog = subscription(
  mainSchema,
  { openMax: openLogs, framing: 'json', tokenMethod: 'chat.bsky.convo.getLog' },
  (ctx, { caller, params, signal }) =>
    followLog(ctx, caller.did, {
      after: readCursor(params.cursor)?.after,
      untilMs: caller.untilMs,
      signal,
    }),
)
