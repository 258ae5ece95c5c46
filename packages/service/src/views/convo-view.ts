import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { requireMembership } from '../policy/visible-to.ts'
import { isSystem } from '../store/rows.ts'
import type { ConvoOverview, Membership } from '../store/store.ts'
import type { Tid } from '../tid.ts'
import { bareConvoView, type ConvoView } from './bare-convo-view.ts'
import { hydrate, type Surroundings } from './hydrate.ts'
import { messageView, reactionView } from './message-view.ts'

/** Views of convos for the one who is in them, in the order given. */
export async function convoViews(
  ctx: Context,
  viewer: Did,
  memberships: readonly Membership[],
): Promise<ConvoView[]> {
  const overviews = await ctx.store.overviews(memberships)
  const named = await Promise.all(overviews.map(overview => membersNamed(ctx, overview)))
  const around = await hydrate(
    ctx,
    viewer,
    overviews.map((overview, i) => ({
      membership: overview,
      messages: messagesOf(overview),
      dids: named[i]!,
    })),
  )
  return overviews.map((overview, i) => convoView(overview, named[i]!, around))
}

/** @throws InvalidConvo */
export async function viewOfConvo(ctx: Context, viewer: Did, convoId: Tid): Promise<ConvoView> {
  const membership = await requireMembership(ctx.store, viewer, convoId)
  const [view] = await convoViews(ctx, viewer, [membership])
  return view!
}

function messagesOf({ lastMessage, lastReaction }: ConvoOverview) {
  return [...(lastMessage ? [lastMessage] : []), ...(lastReaction ? [lastReaction.message] : [])]
}

/**
 * Of a direct convo both; of a group the first few, the viewer, who added the viewer, and who wrote or reacted last,
 * as far as they are members now (`chat.bsky.convo.defs#convoView`).
 */
async function membersNamed(ctx: Context, overview: ConvoOverview): Promise<Did[]> {
  const { convo, viewer, members, lastMessage, lastReaction } = overview
  if (convo.kind === 'direct') return [...members]
  const last = lastMessage && !isSystem(lastMessage.message) ? [lastMessage.message.sender] : []
  const others = [
    viewer.did,
    ...(viewer.addedBy ? [viewer.addedBy] : []),
    ...last,
    ...(lastReaction ? [lastReaction.reaction.sender] : []),
  ].filter(did => !members.includes(did))
  const there = await ctx.store.membersAmong(overview, [...new Set(others)])
  return [...members, ...there.map(({ did }) => did)]
}

function convoView(overview: ConvoOverview, members: readonly Did[], around: Surroundings): ConvoView {
  const { lastMessage, lastReaction } = overview
  return {
    ...bareConvoView(overview, members, around),
    ...(lastMessage && { lastMessage: messageView(lastMessage, around) }),
    ...lastReactionView(lastReaction, around),
  }
}

/** The lexicon has no deleted form of it, so a reaction to or by an account that is gone does not show. */
function lastReactionView(
  lastReaction: ConvoOverview['lastReaction'],
  around: Surroundings,
): Pick<ConvoView, 'lastReaction'> {
  if (!lastReaction || around.isMissing(lastReaction.reaction.sender)) return {}
  const message = messageView(lastReaction.message, around)
  if (message.$type !== 'chat.bsky.convo.defs#messageView') return {}
  const $type = 'chat.bsky.convo.defs#messageAndReactionView'
  return { lastReaction: { $type, message, reaction: reactionView(lastReaction.reaction) } }
}
