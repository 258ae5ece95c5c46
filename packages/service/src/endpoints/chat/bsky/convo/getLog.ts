import { ChatBskyConvoGetLog } from '@atcute/bluesky'
import { formatTid } from '../../../../tid.ts'
import { logPage } from '../../../../views/log-view.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'
import { readCursor } from '../../../cursor.ts'

/** Without a cursor: where the log stands now, and no rows. With one: what came after (behaviour.md 3.3). */
export const getLog = endpoint(ChatBskyConvoGetLog.mainSchema, async (ctx, { caller, params }) => {
  const cursor = readCursor(params.cursor)
  if (!cursor) return { cursor: formatTid(await ctx.store.logHead(caller.did)), logs: [] }
  const { logs } = await logPage(ctx, caller.did, cursor.after)
  return { cursor: logs.at(-1)?.rev ?? params.cursor!, logs }
})
