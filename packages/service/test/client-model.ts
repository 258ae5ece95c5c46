import assert from 'node:assert/strict'
import type { ChatBskyConvoDefs, ChatBskyConvoGetLog } from '@atcute/bluesky'
import type { Did } from '@atcute/lexicons/syntax'
import { getConvo } from '../src/endpoints/chat/bsky/convo/getConvo.ts'
import { getLog } from '../src/endpoints/chat/bsky/convo/getLog.ts'
import { getMessages } from '../src/endpoints/chat/bsky/convo/getMessages.ts'
import { listConvos } from '../src/endpoints/chat/bsky/convo/listConvos.ts'
import type { Actor } from './stage.ts'

/**
 * A client as plain state: fetched once, then kept by the rows of the log alone. Two things it cannot learn
 * from them: a convo that it does not hold, which it fetches when the first row about it comes, as official
 * clients do (behaviour.md 5.3); and profiles, which it leaves out (no rows, behaviour.md 4).
 */
export interface Client {
  cursor: string
  /** By id: all in the list, and those it has seen empty or left. */
  convos: ReadonlyMap<string, HeldConvo>
}

export interface HeldConvo {
  viewer: Did
  view: Omit<ConvoView, 'members'>
  /** All that is in sight, newest first. */
  history: readonly MessageView[]
}

export type Row = ChatBskyConvoGetLog.$output['logs'][number]
type ConvoView = ChatBskyConvoDefs.ConvoView
type MessageView = ChatBskyConvoDefs.MessageView
type DeletedMessageView = ChatBskyConvoDefs.DeletedMessageView
type AnyMessage = MessageView | DeletedMessageView

/** Small pages, so that stories turn some. */
const listPage = 2
const historyPage = 5

export async function firstFetch(actor: Actor): Promise<Client> {
  const { cursor } = await actor.call(getLog, {})
  const views = await allPages(async cursor => {
    const page = await actor.call(listConvos, { limit: listPage, cursor })
    return { items: page.convos, cursor: page.cursor }
  })
  const convos = await Promise.all(views.map(view => withHistory(actor, view)))
  return { cursor: cursor!, convos: new Map(convos.map(convo => [convo.view.id, convo])) }
}

export async function fetchConvo(actor: Actor, convoId: string): Promise<HeldConvo> {
  return withHistory(actor, (await actor.call(getConvo, { convoId })).convo)
}

/** The client after all rows that have come, and those rows. */
export async function catchUp(actor: Actor, client: Client): Promise<{ client: Client; rows: Row[] }> {
  const convos = new Map(client.convos)
  const rows: Row[] = []
  let cursor = client.cursor
  for (;;) {
    const page = await actor.call(getLog, { cursor })
    if (page.logs.length === 0) return { client: { cursor, convos }, rows }
    for (const row of page.logs) {
      const held = convos.get(row.convoId) ?? (await fetchConvo(actor, row.convoId))
      convos.set(row.convoId, apply(held, row))
    }
    rows.push(...page.logs)
    cursor = page.cursor!
  }
}

/** The list as a client shows it: an empty convo is not in it. */
export function listOf(client: Client): HeldConvo[] {
  return [...client.convos.values()]
    .filter(({ view }) => view.lastMessage)
    .sort((a, b) => (a.view.rev < b.view.rev ? 1 : -1))
}

/** A row's convo after it. Nothing changes where the convo was fetched later than this (behaviour.md 3.2). */
export function apply(held: HeldConvo, row: Row): HeldConvo {
  const { view } = held
  if (row.rev <= view.rev) return held
  switch (row.$type) {
    case 'chat.bsky.convo.defs#logBeginConvo':
      // Of a convo that is held already, by opening it again after leaving.
      return { ...held, view: { ...view, rev: row.rev, status: 'accepted' } }
    case 'chat.bsky.convo.defs#logAcceptConvo':
      return { ...held, view: { ...view, status: 'accepted' } }
    case 'chat.bsky.convo.defs#logLeaveConvo':
      return left(held, row.rev)
    case 'chat.bsky.convo.defs#logMuteConvo':
      return { ...held, view: { ...view, muted: true } }
    case 'chat.bsky.convo.defs#logUnmuteConvo':
      return { ...held, view: { ...view, muted: false } }
    case 'chat.bsky.convo.defs#logCreateMessage':
      return withNewMessage(held, row.rev, row.message)
    case 'chat.bsky.convo.defs#logDeleteMessage':
      assert.ok(isDeleted(row.message), 'official clients pass over any other view (behaviour.md 2.3)')
      return withMessageAsNow(held, row.message)
    case 'chat.bsky.convo.defs#logReadMessage':
    case 'chat.bsky.convo.defs#logReadConvo': {
      const marker = row.message.id
      return {
        ...held,
        view: { ...view, unreadCount: byOthers(held).filter(({ id }) => id > marker).length },
      }
    }
    case 'chat.bsky.convo.defs#logAddReaction':
    case 'chat.bsky.convo.defs#logRemoveReaction':
      return withMessageAsNow(held, row.message)
    default:
      assert.fail(`${row.$type} in a direct convo`)
  }
}

function left({ viewer, view }: HeldConvo, rev: string): HeldConvo {
  const { lastMessage: _, lastReaction: __, ...rest } = view
  return { viewer, view: { ...rest, rev, status: 'request', unreadCount: 0 }, history: [] }
}

/** One that is deleted by now, which the row of its deletion will say again, never counts as unread. */
function withNewMessage(held: HeldConvo, rev: string, message: AnyMessage): HeldConvo {
  const { viewer, history } = held
  const view = { ...held.view, rev, lastMessage: message } as HeldConvo['view']
  if (isDeleted(message)) return { ...held, view }
  const unreadCount = view.unreadCount + (message.sender.did === viewer ? 0 : 1)
  return withLastReaction({ viewer, view: { ...view, unreadCount }, history: [message, ...history] })
}

/** A message that has changed, or was deleted, in all the places that show it. */
function withMessageAsNow(held: HeldConvo, message: AnyMessage): HeldConvo {
  const { viewer, view } = held
  const history = held.history.flatMap(old => {
    if (old.id !== message.id) return [withReplyTo(old, message)]
    return isDeleted(message) ? [] : [message]
  })
  const wasUnread = byOthers(held)
    .slice(0, view.unreadCount)
    .some(({ id }) => id === message.id)
  const unreadCount = view.unreadCount - (wasUnread && isDeleted(message) ? 1 : 0)
  const last = view.lastMessage as AnyMessage
  const lastMessage = last.id === message.id ? message : withReplyTo(last, message)
  return withLastReaction({
    viewer,
    view: { ...view, unreadCount, lastMessage } as HeldConvo['view'],
    history,
  })
}

function withReplyTo<M extends AnyMessage>(reply: M, target: AnyMessage): M {
  if (isDeleted(reply) || !reply.replyTo || !('id' in reply.replyTo)) return reply
  if (reply.replyTo.id !== target.id) return reply
  const { replyTo: _, ...plain } = target as MessageView
  return { ...reply, replyTo: plain }
}

/** The newest reaction that remains, in sight. */
function withLastReaction(held: HeldConvo): HeldConvo {
  const { lastReaction: _, ...view } = held.view
  const [lastReaction] = held.history
    .flatMap(message => (message.reactions ?? []).map(reaction => ({ message, reaction })))
    .sort((a, b) => (a.reaction.createdAt < b.reaction.createdAt ? 1 : -1))
  if (!lastReaction) return { ...held, view }
  const $type = 'chat.bsky.convo.defs#messageAndReactionView'
  return { ...held, view: { ...view, lastReaction: { $type, ...lastReaction } } as HeldConvo['view'] }
}

/** Newest first: as many as are unread stand at its beginning. */
function byOthers({ viewer, history }: HeldConvo): MessageView[] {
  return history.filter(({ sender }) => sender.did !== viewer)
}

function isDeleted(message: AnyMessage): message is DeletedMessageView {
  return message.$type === 'chat.bsky.convo.defs#deletedMessageView'
}

async function withHistory(actor: Actor, { members: _, ...view }: ConvoView): Promise<HeldConvo> {
  const history = await allPages(async cursor => {
    const page = await actor.call(getMessages, { convoId: view.id, limit: historyPage, cursor })
    return { items: page.messages as MessageView[], cursor: page.cursor }
  })
  return { viewer: actor.did, view, history }
}

async function allPages<T>(
  fetchPage: (cursor: string | undefined) => Promise<{ items: T[]; cursor: string | undefined }>,
): Promise<T[]> {
  const all: T[] = []
  let cursor: string | undefined
  do {
    const page = await fetchPage(cursor)
    all.push(...page.items)
    cursor = page.cursor
  } while (cursor !== undefined)
  return all
}
