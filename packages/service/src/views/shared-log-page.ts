import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { getOrMake } from '../get-or-make.ts'
import type { Tid } from '../tid.ts'
import { type LogPage, logPage } from './log-view.ts'

const beingMade = new WeakMap<Context, Map<string, Promise<LogPage>>>()

/** As `logPage`, for streams: one account's are woken together and stand at one place, and one page does for all of them. */
export async function sharedLogPage(ctx: Context, viewer: Did, after: Tid): Promise<LogPage> {
  const head = await ctx.store.logHead(viewer)
  if (head <= after) return { logs: [], isFull: false }
  const pages = getOrMake(beingMade, ctx, () => new Map<string, Promise<LogPage>>())
  // By the head, too: whoever was woken by a newer row must not be given a page from before it.
  const key = `${viewer} ${after} ${head}`
  return getOrMake(pages, key, () => logPage(ctx, viewer, after).finally(() => pages.delete(key)))
}
