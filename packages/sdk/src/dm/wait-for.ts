import type { Actor } from '../chat/method.ts'
import { ChatError } from '../errors.ts'
import { endOfLog } from '../log/end-of-log.ts'
import type { DmContext } from './context.ts'
import type { ChatEvent } from './events/chat-event.ts'
import { EventStream } from './events/event-stream.ts'

/** The events that can have this type. */
export type EventOf<Type extends ChatEvent['type'], Event = ChatEvent> = Event extends ChatEvent
  ? Type extends Event['type']
    ? Event
    : never
  : never

/** What is waited for, and how long. */
export interface WaitOptions<Type extends ChatEvent['type']> {
  /** Whose doing it must be. Default: anybody's but the account's own. */
  from?: Actor
  /** What else must be true of it. */
  where?: (event: EventOf<Type>) => boolean
  /** Counts from behind this, such as a message just sent; an answer may be faster than the waiting. Default: now. */
  after?: { rev: string }
  /** Throws `timeout` after this. Default: never. */
  timeoutMs?: number
  /** Throws `aborted`. */
  signal?: AbortSignal
}

/** The next event of a kind in a conversation. */
export async function nextEvent<Type extends ChatEvent['type']>(
  context: DmContext,
  convoId: string,
  type: Type,
  { from, where, after, timeoutMs, signal }: WaitOptions<Type>,
): Promise<EventOf<Type>> {
  const call = signal ? { signal } : {}
  const [cursor, did] = await Promise.all([
    after?.rev ?? endOfLog(context.chat.bsky.convo, call),
    from === undefined ? undefined : context.find(from, call),
  ])
  const stream = new EventStream(context, {
    ...call,
    convoId,
    cursor,
    own: from !== undefined,
  })
  const settled = new AbortController()
  if (timeoutMs !== undefined)
    context.clock.sleep(timeoutMs, settled.signal).then(
      () => stream.close(),
      () => {},
    )
  try {
    for await (const event of stream) {
      const is = event as EventOf<Type>
      if (event.type === type && (did === undefined || doerOf(event) === did) && (where?.(is) ?? true))
        return is
    }
  } finally {
    settled.abort()
  }
  throw signal?.aborted
    ? new ChatError('aborted', 'The caller gave up waiting', { cause: signal.reason })
    : new ChatError('timeout', `No ${type} came within ${timeoutMs} ms`)
}

function doerOf(event: ChatEvent): string | undefined {
  if (event.type === 'message') return event.message.raw.sender.did
  if ('by' in event) return event.by.did
  return event.type === 'join-request' ? event.from?.did : undefined
}
