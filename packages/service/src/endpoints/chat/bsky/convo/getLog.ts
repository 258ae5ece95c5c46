import { ChatBskyConvoGetLog } from '@atcute/bluesky'
import { logPageBytesMax, logPageRowsMax } from '../../../../limits.ts'
import type { LogEntry } from '../../../../store/store.ts'
import { formatTid } from '../../../../tid.ts'
import { logViews } from '../../../../views/log-view.ts'
import { endpoint } from '../../../../xrpc/endpoint.ts'
import { readCursor } from '../../../cursor.ts'

/** Without a cursor: where the log stands now, and no rows. With one: what came after (behaviour.md 3.3). */
export const getLog = endpoint(ChatBskyConvoGetLog.mainSchema, async (ctx, { caller, params }) => {
  const cursor = readCursor(params.cursor)
  if (!cursor) return { cursor: formatTid(await ctx.store.logHead(caller.did)), logs: [] }
  const entries = cutToSize(await ctx.store.log(caller.did, { after: cursor.after, limit: logPageRowsMax }))
  const last = entries.at(-1)
  return {
    cursor: last ? formatTid(last.row.rev) : params.cursor!,
    logs: await logViews(ctx, caller.did, entries),
  }
})

/** A page of long messages is a short one: the rest comes with the next. */
function cutToSize(entries: LogEntry[]): LogEntry[] {
  let bytes = 0
  const end = entries.findIndex(({ message }) => {
    if (message)
      bytes += Buffer.byteLength(JSON.stringify([message.message.body, message.replyTo?.message.body]))
    return bytes > logPageBytesMax
  })
  return end === -1 ? entries : entries.slice(0, end + 1)
}
