import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { requireMember, requireMessage } from '../policy/visible-to.ts'
import { isSystem, type UserMessage } from '../store/rows.ts'
import type { Tid } from '../tid.ts'

/**
 * Takes a message out of the caller's sight, and nobody else's: `chat.bsky.convo.deleteMessageForSelf`.
 * Doing it again answers the same and changes nothing.
 * @throws InvalidConvo, InvalidRequest, MessageDeleteNotAllowed
 */
export function deleteForSelf(ctx: Context, caller: Did, convoId: Tid, messageId: Tid): Promise<UserMessage> {
  const scope = { convos: [convoId], messages: [{ convoId, messageId, viewer: caller }] }
  return ctx.store.transact(scope, tx => {
    const member = requireMember(tx, caller, convoId)
    const message = requireMessage(tx, member, messageId)
    if (isSystem(message)) {
      throw new AppError('MessageDeleteNotAllowed', 'a system message cannot be deleted')
    }
    if (tx.isHidden(caller, convoId, messageId)) return message
    tx.hideMessage(caller, message)
    const wasUnread = message.body && message.sender !== caller && message.id > member.readUpTo
    if (wasUnread) tx.putMember({ ...member, unread: member.unread - 1 })
    tx.appendLog({ did: caller, rev: tx.nextRev(), type: 'deleteMessage', convoId, messageId })
    return message
  })
}
