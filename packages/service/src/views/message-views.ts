import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { goneSenderRoundsMax } from '../limits.ts'
import { cutPage } from '../page.ts'
import { messageNotFound, othersIn, requireMembership } from '../policy/visible-to.ts'
import { isSystem } from '../store/rows.ts'
import type { Membership } from '../store/store.ts'
import type { ViewedMessage } from '../store/viewed.ts'
import type { Tid } from '../tid.ts'
import { hydrate, peopleOf } from './hydrate.ts'
import { joinLinkPreviews } from './join-link-previews.ts'
import { embedsOf, type MessageView, messageView } from './message-view.ts'

/**
 * Views of messages that the viewer has just sent. They are stored by now, so nothing here may fail: a client that
 * hears of an error sends again. Neither records nor people that are shown ever throw.
 */
export async function sentViews(
  ctx: Context,
  viewer: Did,
  messages: readonly ViewedMessage[],
): Promise<MessageView[]> {
  const { uris, codes } = embedsOf(messages)
  const repliedTo = messages.flatMap(({ replyTo }) => replyTo?.message.sender ?? [])
  const [records, previews, gone] = await Promise.all([
    ctx.records.views(uris, viewer),
    joinLinkPreviews(ctx, viewer, codes),
    goneAmong(ctx, viewer, [...new Set(repliedTo)]),
  ])
  // What one may reply to is in sight, so nothing here comes from before somebody joined.
  const around = { records, previews, isMissing: (did: Did) => gone.has(did), isGroup: () => false }
  return messages.map(message => messageView(message, around) as MessageView)
}

/**
 * One message as it is now, after a reaction: so it is a member's.
 * @throws InvalidConvo, InvalidRequest, ReactionMessageDeleted where it was deleted since
 */
export async function viewOfMessage(
  ctx: Context,
  viewer: Did,
  ids: { convoId: Tid; messageId: Tid },
): Promise<MessageView> {
  const membership = await requireMembership(ctx.store, viewer, ids.convoId)
  const message = await ctx.store.message(membership, ids.messageId)
  if (!message) throw messageNotFound()
  const { message: written, hidden } = message
  if (hidden || isSystem(written) || !written.body) {
    throw new AppError('ReactionMessageDeleted', 'this message was deleted')
  }
  const around = await hydrate(ctx, viewer, [{ membership, messages: [message] }])
  const [author] = sendersOf([message])
  return messageView(message, {
    ...around,
    isMissing: did => did !== author && around.isMissing(did),
  }) as MessageView
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
  const found = await messagesOfThoseThere(ctx, membership, page)
  const { shown: messages, next } = cutPage(found, page.limit, ({ message }) => message.id)
  const around = await hydrate(ctx, viewer, [{ membership, messages }])
  return {
    messages: messages.map(message => messageView(message, around)),
    relatedProfiles: peopleOf(messages).map(did => around.memberView(convoId, did)),
    ...next,
  }
}

/** Whose messages a page has is known when it is there; those who are gone are left out the next time. */
export async function messagesOfThoseThere(
  ctx: Context,
  membership: Membership,
  page: { before: Tid | undefined; limit: number },
): Promise<ViewedMessage[]> {
  const { did } = membership.viewer
  const gone = await goneAmong(ctx, did, othersIn(did, membership))
  for (let round = 0; ; round++) {
    const found = await ctx.store.messages(membership, {
      limit: page.limit + 1,
      withoutSenders: [...gone],
      ...(page.before !== undefined && { before: page.before }),
    })
    const goneToo = await goneAmong(ctx, did, sendersOf(found))
    if (goneToo.size === 0 || round === goneSenderRoundsMax) return found
    for (const sender of goneToo) gone.add(sender)
  }
}

async function goneAmong(ctx: Context, viewer: Did, dids: readonly Did[]): Promise<Set<Did>> {
  const others = dids.filter(did => did !== viewer)
  if (others.length === 0) return new Set()
  const shown = await ctx.people.show(viewer, others)
  return new Set(others.filter(did => shown.get(did)?.person === 'gone'))
}

function sendersOf(messages: readonly ViewedMessage[]): Did[] {
  return [...new Set(messages.flatMap(({ message }) => (isSystem(message) ? [] : message.sender)))]
}
