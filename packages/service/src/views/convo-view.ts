import type { ChatBskyConvoDefs } from '@atcute/bluesky'
import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { requireMembership } from '../policy/visible-to.ts'
import type { ConvoOverview, Membership } from '../store/store.ts'
import { formatTid, type Tid } from '../tid.ts'
import { hydrate, type Surroundings } from './hydrate.ts'
import { messageOrDeletedView, messageView, reactionView } from './message-view.ts'

type ConvoView = ChatBskyConvoDefs.ConvoView & { $type: 'chat.bsky.convo.defs#convoView' }

/** Views of convos for the one who is in them, in the order given. */
export async function convoViews(
  ctx: Context,
  viewer: Did,
  memberships: readonly Membership[],
): Promise<ConvoView[]> {
  const overviews = await ctx.store.overviews(memberships)
  const messages = overviews.flatMap(({ lastMessage, lastReaction }) => [
    ...(lastMessage ? [lastMessage] : []),
    ...(lastReaction ? [lastReaction.message] : []),
  ])
  const around = await hydrate(ctx, viewer, { messages, dids: overviews.flatMap(({ members }) => members) })
  return overviews.map(overview => convoView(overview, around))
}

/** @throws InvalidConvo */
export async function viewOfConvo(ctx: Context, viewer: Did, convoId: Tid): Promise<ConvoView> {
  const membership = await requireMembership(ctx.store, viewer, convoId)
  const [view] = await convoViews(ctx, viewer, [membership])
  return view!
}

function convoView(overview: ConvoOverview, around: Surroundings): ConvoView {
  const { convo, viewer, members, lastMessage, lastReaction } = overview
  return {
    $type: 'chat.bsky.convo.defs#convoView',
    id: formatTid(convo.id),
    rev: formatTid(viewer.rev),
    kind: { $type: 'chat.bsky.convo.defs#directConvo' },
    members: members.map(did => around.view(did)),
    status: viewer.status,
    muted: viewer.muted,
    unreadCount: viewer.unread,
    ...(lastMessage && { lastMessage: messageOrDeletedView(lastMessage, around) }),
    ...lastReactionView(lastReaction, around),
  }
}

/** The lexicon has no deleted form of it, so a reaction to or by an account that is gone does not show. */
function lastReactionView(
  lastReaction: ConvoOverview['lastReaction'],
  around: Surroundings,
): Pick<ConvoView, 'lastReaction'> {
  if (!lastReaction) return {}
  const { message, reaction } = lastReaction
  if (around.isMissing(message.message.sender) || around.isMissing(reaction.sender)) return {}
  const $type = 'chat.bsky.convo.defs#messageAndReactionView'
  return { lastReaction: { $type, message: messageView(message, around), reaction: reactionView(reaction) } }
}
