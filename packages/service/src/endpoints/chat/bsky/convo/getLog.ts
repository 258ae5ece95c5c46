import { ChatBskyConvoGetLog } from '@atcute/bluesky'
import { logPageRowsMax } from '../../../../limits.ts'
import { formatTid } from '../../../../tid.ts'
import { logViews } from '../../../../views/log-view.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'
import { readCursor } from '../../../cursor.ts'

/** Without a cursor: where the log stands now, and no rows. With one: what came after (behaviour.md 3.3). */
export const getLog = endpoint(ChatBskyConvoGetLog.mainSchema, async (ctx, { caller, params }) => {
  const cursor = readCursor(params.cursor)
  if (!cursor) return { cursor: formatTid(await ctx.store.logHead(caller.did)), logs: [] }
  const entries = await ctx.store.log(caller.did, { after: cursor.after, limit: logPageRowsMax })
  const last = entries.at(-1)
  return {
    cursor: last ? formatTid(last.row.rev) : params.cursor!,
    logs: await logViews(ctx, caller.did, entries),
  }
})
