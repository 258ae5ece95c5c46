import { pages } from '../../pages.ts'
import type { DmContext } from '../context.ts'
import { type ConvoView, isOfDefs, type MessageView } from '../views.ts'
import { eventOfMessage, type MessageEvent } from './chat-event.ts'

/** What to catch up with before a stream's first cursor. */
export type Backfill = 'none' | 'unread' | { since: Date }

export interface BackfillOptions {
  backfill: Backfill
  /** Where the stream goes on afterwards. */
  position: string
  signal: AbortSignal
}

/**
 * Messages of others that came before the stream was ever opened, in order of revs. Of those that came while it was
 * looked for them, the log tells as well, and perhaps of others before them: none has a rev behind `position`.
 */
export async function backfillEvents(
  context: DmContext,
  { backfill, position, signal }: BackfillOptions,
): Promise<MessageEvent[]> {
  if (backfill === 'none') return []
  const { chat } = context
  const found: MessageEvent[] = []
  const readState = backfill === 'unread' ? 'unread' : undefined
  const ask = (cursor: string | undefined) =>
    chat.bsky.convo.listConvos({ readState, limit: 100, cursor }, { signal })
  for await (const { convos } of pages(ask)) {
    for (const convo of convos) {
      context.people.meet(convo.members)
      const isOver = backfill === 'unread' ? countDown(convo) : isBefore(backfill.since)
      for await (const view of history(context, convo.id, signal)) {
        if (view.sender.did === context.people.me) continue
        if (isOver(view)) break
        found.push(eventOfMessage(context, convo.id, view))
      }
    }
  }
  found.sort((a, b) => (a.rev < b.rev ? -1 : 1))
  return found.map(event => ({ ...event, rev: event.rev < position ? event.rev : position }))
}

async function* history(
  context: DmContext,
  convoId: string,
  signal: AbortSignal,
): AsyncGenerator<MessageView> {
  const ask = (cursor: string | undefined) =>
    context.chat.bsky.convo.getMessages({ convoId, limit: 100, cursor }, { signal })
  for await (const { messages, relatedProfiles } of pages(ask)) {
    context.people.meet(relatedProfiles)
    for (const view of messages) if (isOfDefs(view, 'messageView')) yield view as MessageView
  }
}

/** The unread ones are the newest, but for those that have come since they were counted. */
function countDown({ unreadCount, rev }: ConvoView): (view: MessageView) => boolean {
  let left = unreadCount
  return view => view.rev <= rev && left-- <= 0
}

function isBefore(since: Date): (view: MessageView) => boolean {
  return view => new Date(view.sentAt) < since
}
