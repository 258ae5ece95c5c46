import type { ChatEvent, JoinRequestEvent } from '@parley/sdk'
import type { World } from '../world.ts'
import type { Printer } from './printer.ts'
import { showMessage } from './show-message.ts'
import { nameOf } from './views.ts'

/** What happened, for people. `titleOf`: in which convo, where that does not go without saying. */
export async function showEvent(
  out: Printer,
  event: ChatEvent,
  world: World,
  titleOf?: (convoId: string) => Promise<string>,
): Promise<void> {
  if (event.type === 'convo:read' || event.type === 'unknown') return
  const title = await titleOf?.(event.convoId)
  if (event.type === 'message' || event.type === 'group:changed')
    return showMessage(out, event.message, world, title)
  await out.line(out.paint.dim(`— ${inShort(event)}${title === undefined ? '' : ` in ${title}`}`))
}

function inShort(event: ChatEvent): string {
  switch (event.type) {
    case 'reaction:added':
      return `${event.by.name} added ${event.value} to ${nameOf(event.message)}`
    case 'reaction:removed':
      return `${event.by.name} took ${event.value} back from ${nameOf(event.message)}`
    case 'message:deleted':
      return `you deleted ${nameOf({ id: event.messageId, convoId: event.convoId })}`
    case 'join-request':
      return aboutJoining(event)
    default:
      return event.type.replace(':', ' ')
  }
}

function aboutJoining({ change, from }: JoinRequestEvent): string {
  const who = from?.name ?? 'somebody'
  switch (change) {
    case 'incoming':
      return `${who} asks to be let in`
    case 'withdrawn':
      return `${who} does not ask to be let in any more`
    case 'approved':
      return from ? `${who} was let in` : 'you were let in'
    case 'rejected':
      return from ? `${who} was not let in` : 'you were not let in'
    case 'read':
      return 'you looked at who asks to be let in'
    case 'outgoing':
      return 'you asked to be let in'
    default:
      return 'you do not ask to be let in any more'
  }
}
