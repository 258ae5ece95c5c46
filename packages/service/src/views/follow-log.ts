import type { Did } from '@atcute/lexicons/syntax'
import type { $message as Logs } from '@parley/lexicons/chat/parley/convo/subscribeLog'
import { Alarm } from '../alarm.ts'
import type { Context } from '../context.ts'
import { logHeartbeatMs, logRecheckMs } from '../limits.ts'
import { formatTid, parseTid, type Tid } from '../tid.ts'
import { sharedLogPage } from './shared-log-page.ts'

interface FollowOptions {
  /** Default: what the log has now is not told. */
  after: Tid | undefined
  untilMs: number
  signal: AbortSignal
}

/**
 * Pages of the viewer's log after a rev, and then each row as it comes: `chat.parley.convo.subscribeLog`. The first page
 * comes at once, and one comes every `logHeartbeatMs`, with or without rows: so the other side knows that we are there.
 * @throws RateLimitExceeded where more full pages come than the viewer may make calls
 */
export async function* followLog(ctx: Context, viewer: Did, options: FollowOptions): AsyncGenerator<Logs> {
  const { after, untilMs, signal } = options
  using alarm = new Alarm(ring => ctx.store.onLog(viewer, ring), signal)
  let position = after ?? (await ctx.store.logHead(viewer))
  let saidAtMs: number | undefined
  while (!signal.aborted) {
    const nowMs = ctx.clock.now()
    if (nowMs >= untilMs) return
    const { logs, isFull } = await sharedLogPage(ctx, viewer, position)
    // Reading a whole log costs as much as it does by getLog.
    if (isFull) ctx.admitCall(viewer)
    const last = logs.at(-1)
    if (last !== undefined) position = parseTid(last.rev)!
    if (last !== undefined || saidAtMs === undefined || nowMs - saidAtMs >= logHeartbeatMs) {
      yield { $type: 'chat.parley.convo.subscribeLog#logs', cursor: formatTid(position), logs }
      saidAtMs = nowMs
    }
    if (last === undefined) await alarm.next(Math.min(logRecheckMs, untilMs - nowMs))
  }
}
