import type { Context } from '../context.ts'
import { invalidRequest } from '../errors.ts'
import { contextMessagesMax, contextScanMax } from '../limits.ts'
import { messageNotFound } from '../policy/visible-to.ts'
import { isSystem } from '../store/rows.ts'
import type { ViewedMessage } from '../store/viewed.ts'
import type { Tid } from '../tid.ts'

export interface ContextRange {
  /** Messages that somebody wrote, on each side of the target. */
  before: number
  after: number
  /** System messages between two of them. */
  systemMessagesMax: number
}

export interface MessageContext {
  convoId: Tid
  /** Oldest first, the target among them (behaviour.md 7 (31)). */
  messages: ViewedMessage[]
}

/** A message with those around it: `chat.bsky.moderation.getMessageContext`. @throws InvalidRequest */
export async function messageContext(
  ctx: Context,
  target: { messageId: Tid; convoId: Tid | undefined },
  range: ContextRange,
): Promise<MessageContext> {
  const { forModerators } = ctx.store
  const [found, another] = await forModerators.messages(target.messageId, target.convoId)
  if (!found) throw messageNotFound()
  if (another) throw invalidRequest('Several messages have this id: name the convo as well')
  const { convoId } = found.message
  const beside = (side: 'before' | 'after') =>
    forModerators.messagesBeside(convoId, target.messageId, side, contextScanMax)
  const [before, after] = await Promise.all([
    range.before > 0 ? beside('before') : [],
    range.after > 0 ? beside('after') : [],
  ])
  const max = range.systemMessagesMax
  // Of those between two messages the ones next to the earlier one stay: the last that the way back comes by.
  const earlier = pick(before, range.before, gap => (max === 0 ? [] : gap.slice(-max)), max)
  const later = pick(after, range.after, gap => gap.slice(0, max), max)
  return { convoId, messages: [...earlier.reverse(), found, ...later] }
}

/**
 * Going away from the target, as many written messages as wanted with what lies between; where there are none at all,
 * the system messages next to the target.
 */
function pick(
  beside: readonly ViewedMessage[],
  wanted: number,
  thin: (gap: ViewedMessage[]) => ViewedMessage[],
  max: number,
): ViewedMessage[] {
  const picked: ViewedMessage[] = []
  let gap: ViewedMessage[] = []
  let written = 0
  for (const message of beside) {
    if (isSystem(message.message)) gap.push(message)
    else {
      picked.push(...thin(gap), message)
      gap = []
      written += 1
      if (written === Math.min(wanted, contextMessagesMax)) break
    }
  }
  return written === 0 ? gap.slice(0, max) : picked
}
