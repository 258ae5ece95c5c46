import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { exportPageMax } from '../limits.ts'
import { preferencesOf } from '../notifications/preferences.ts'
import { isSystem } from '../store/rows.ts'
import type { Membership } from '../store/store.ts'
import type { GroupMember, ViewedMessage } from '../store/viewed.ts'
import { formatTid, type Tid, tidTime } from '../tid.ts'
import { joinLinkView } from './join-link-view.ts'
import { reactionView } from './message-view.ts'
import { messagesOfThoseThere } from './message-views.ts'
import { systemMessageView } from './system-message-view.ts'

/**
 * All that an account may see, one JSON object in a line: `chat.bsky.actor.exportAccountData`. Each says its `type`:
 * the `account` first, its own `joinRequest`s, then every `convo` followed by its `member`s, for its owner by the
 * `joinRequest`s of others, and by its `message`s, newest first. Accounts are named by DID, which stays; messages are as they were sent. Nothing but a page is held in memory.
 */
export async function* exportLines(ctx: Context, viewer: Did): AsyncGenerator<string> {
  for await (const object of exportObjects(ctx, viewer)) yield `${JSON.stringify(object)}\n`
}

async function* exportObjects(ctx: Context, viewer: Did): AsyncGenerator<object> {
  const account = await ctx.store.account(viewer)
  const preferences = preferencesOf(account)
  yield { type: 'account', did: viewer, chatDisabled: account.chatDisabled, preferences }
  yield* joinRequests(ctx, viewer)
  for (let after = 0; ; ) {
    const memberships = await ctx.store.allMemberships(viewer, { after, limit: exportPageMax })
    for (const membership of memberships) {
      yield convoObject(membership)
      yield* members(ctx, membership)
      yield* whoAsks(ctx, membership)
      yield* messages(ctx, membership)
    }
    if (memberships.length < exportPageMax) return
    after = memberships.at(-1)!.convo.id
  }
}

async function* joinRequests(ctx: Context, viewer: Did): AsyncGenerator<object> {
  for (let before: Tid | undefined; ; ) {
    const page = { limit: exportPageMax, ...(before !== undefined && { before }) }
    const requests = await ctx.store.ownJoinRequests(viewer, page)
    for (const { convo, requestedAt } of requests) {
      const { id, name } = convo
      yield { type: 'joinRequest', convoId: formatTid(id), name, requestedAt: tidTime(requestedAt) }
    }
    if (requests.length < exportPageMax) return
    before = requests.at(-1)!.requestedAt
  }
}

function convoObject({ convo, viewer }: Membership): object {
  const { status, muted, unread, readUpTo } = viewer
  const isOwner = convo.kind === 'group' && convo.owner === viewer.did
  return {
    type: 'convo',
    id: formatTid(convo.id),
    rev: formatTid(viewer.rev),
    kind: convo.kind,
    createdAt: tidTime(convo.id),
    status,
    muted,
    unreadCount: unread,
    ...(readUpTo > 0 && { readUpTo: formatTid(readUpTo) }),
    ...(convo.kind === 'group' && {
      name: convo.name,
      lockStatus: convo.lock,
      ...(convo.link && (convo.link.enabled || isOwner) && { joinLink: joinLinkView(convo.link) }),
    }),
  }
}

async function* members(ctx: Context, membership: Membership): AsyncGenerator<object> {
  const { convo } = membership
  for (let after: Tid | undefined; ; ) {
    const page = { limit: exportPageMax, ...(after !== undefined && { after }) }
    const found: GroupMember[] = await ctx.store.groupMembers(membership, page)
    for (const { did, addedBy } of found) {
      const role = convo.kind === 'group' && { role: convo.owner === did ? 'owner' : 'standard' }
      yield { type: 'member', convoId: formatTid(convo.id), did, ...role, ...(addedBy && { addedBy }) }
    }
    if (found.length < exportPageMax) return
    after = found.at(-1)!.joined
  }
}

/** Who waits for the viewer's word, where the group is theirs. */
async function* whoAsks(ctx: Context, membership: Membership): AsyncGenerator<object> {
  const { convo, viewer } = membership
  if (convo.kind !== 'group' || convo.owner !== viewer.did) return
  for (let before: Tid | undefined; ; ) {
    const page = { limit: exportPageMax, ...(before !== undefined && { before }) }
    const requests = await ctx.store.joinRequests(membership, page)
    for (const { did, requestedAt } of requests) {
      yield { type: 'joinRequest', convoId: formatTid(convo.id), did, requestedAt: tidTime(requestedAt) }
    }
    if (requests.length < exportPageMax) return
    before = requests.at(-1)!.requestedAt
  }
}

async function* messages(ctx: Context, membership: Membership): AsyncGenerator<object> {
  for (let before: Tid | undefined; ; ) {
    const found: ViewedMessage[] = await messagesOfThoseThere(ctx, membership, {
      limit: exportPageMax,
      before,
    })
    for (const viewed of found.slice(0, exportPageMax)) yield messageObject(viewed)
    if (found.length <= exportPageMax) return
    before = found[exportPageMax - 1]!.message.id
  }
}

function messageObject({ message, reactions, replyTo: target }: ViewedMessage): object {
  const { id, convoId } = message
  const base = { type: 'message', convoId: formatTid(convoId), id: formatTid(id), sentAt: tidTime(id) }
  if (isSystem(message)) return { ...base, system: systemMessageView(message).data }
  const { replyTo, ...said } = message.body ?? {}
  return {
    ...base,
    sender: message.sender,
    ...said,
    // An id is a time, and what was before one joined is not told of.
    ...(replyTo !== undefined && !target?.outOfSight && { replyTo: { messageId: formatTid(replyTo) } }),
    reactions: reactions.map(reactionView),
  }
}
