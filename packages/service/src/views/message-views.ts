import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { messageNotFound, othersIn, requireMembership } from '../policy/visible-to.ts'
import type { ViewedMessage } from '../store/store.ts'
import { formatTid, type Tid } from '../tid.ts'
import { hydrate, peopleOf } from './hydrate.ts'
import { embeddedRecords, messageView } from './message-view.ts'

/**
 * Views of messages that the viewer has just sent. They are stored by now, so nothing here may fail: a client that
 * hears of an error sends again. Records never throw; whom one writes to is not gone.
 */
export async function sentViews(ctx: Context, viewer: Did, messages: readonly ViewedMessage[]) {
  const records = await ctx.records.views(embeddedRecords(messages), viewer)
  return messages.map(message => messageView(message, { records, isMissing: () => false }))
}

/** One message as it is now. */
export async function viewOfMessage(ctx: Context, viewer: Did, ids: { convoId: Tid; messageId: Tid }) {
  const membership = await requireMembership(ctx.store, viewer, ids.convoId)
  const message = await ctx.store.message(membership, ids.messageId)
  if (!message) throw messageNotFound()
  const around = await hydrate(ctx, viewer, { messages: [message], dids: [] })
  return messageView(message, around)
}

/**
 * A page of a convo's history, newest first: `chat.bsky.convo.getMessages`. Messages of accounts that are gone
 * are passed over before the page is cut, so that pages are full and a short one is the last (behaviour.md 2.2).
 */
export async function messagePage(
  ctx: Context,
  viewer: Did,
  convoId: Tid,
  page: { before: Tid | undefined; limit: number },
) {
  const membership = await requireMembership(ctx.store, viewer, convoId)
  const others = othersIn(membership)
  const shown = await ctx.people.show(viewer, others)
  const found = await ctx.store.messages(membership, {
    limit: page.limit + 1,
    withoutSenders: others.filter(did => shown.get(did)?.person === 'gone'),
    ...(page.before !== undefined && { before: page.before }),
  })
  const messages = found.slice(0, page.limit)
  const around = await hydrate(ctx, viewer, { messages, dids: [] })
  return {
    messages: messages.map(message => messageView(message, around)),
    relatedProfiles: peopleOf(messages).map(did => around.view(did)),
    ...(found.length > page.limit && { cursor: formatTid(messages.at(-1)!.message.id) }),
  }
}
