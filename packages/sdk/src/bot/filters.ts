import type { ChatEvent, ConvoEvent, MessageEvent, ReactionEvent } from '../dm/events/chat-event.ts'

type EventOf<Type extends ChatEvent['type']> = Extract<ChatEvent, { type: Type }>

/** What a handler can be for, and the event that it gets then. */
export interface Filters {
  message: MessageEvent
  /** A message that names the bot. */
  'message:mention': MessageEvent
  /** A message that answers one of the bot's. */
  'message:reply': MessageEvent
  'message:link': MessageEvent
  'message:embed': MessageEvent
  'message:deleted': EventOf<'message:deleted'>
  reaction: ReactionEvent
  'reaction:added': ReactionEvent
  'reaction:removed': ReactionEvent
  'convo:begun': ConvoEvent
  'convo:accepted': ConvoEvent
  'convo:left': ConvoEvent
  'convo:muted': ConvoEvent
  'convo:unmuted': ConvoEvent
  'convo:read': EventOf<'convo:read'>
  'group:changed': EventOf<'group:changed'>
  'join-request': EventOf<'join-request'>
  unknown: EventOf<'unknown'>
}

/** The name of what a handler is for. */
export type Filter = keyof Filters

/** Whether `filter` lets `event` through. `me` is the bot's DID. */
export function matches(filter: Filter, event: ChatEvent, me: string): boolean {
  if (filter === 'reaction') return event.type === 'reaction:added' || event.type === 'reaction:removed'
  if (event.type !== 'message' || !filter.startsWith('message:') || filter === 'message:deleted')
    return filter === event.type
  const { message } = event
  switch (filter) {
    case 'message:mention':
      return message.mentions(me)
    case 'message:reply': {
      const { replyTo } = message
      return replyTo?.type === 'message' && replyTo.fromMe
    }
    case 'message:link':
      return message.segments().some(segment => segment.link !== undefined)
    default:
      return message.embed !== undefined
  }
}
