import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { readConvosPerTransactionMax } from '../limits.ts'
import { requireMember, requireMessage } from '../policy/visible-to.ts'
import type { Member, MemberStatus } from '../store/rows.ts'
import type { Transaction } from '../store/transaction.ts'
import type { Tid } from '../tid.ts'

/**
 * Moves the caller's read marker, never backwards: `chat.bsky.convo.updateRead`. Without `messageId`, to the
 * newest message. Logged on every call, as the official service does (behaviour.md 2.3, 7 (14)).
 * @throws InvalidConvo, InvalidRequest where the message is not in sight
 */
export function markRead(ctx: Context, caller: Did, convoId: Tid, messageId?: Tid): Promise<void> {
  const at = messageId === undefined ? [] : [{ convoId, messageId, viewer: caller }]
  return ctx.store.transact({ convos: [convoId], messages: at, unreadAfter: at }, tx => {
    const member = requireMember(tx, caller, convoId)
    if (messageId !== undefined) requireMessage(tx, member, messageId)
    // An empty convo has nothing to read, and no message for the rows of the log.
    if (member.lastMessage === 0) return
    const readUpTo = Math.max(member.readUpTo, messageId ?? member.lastMessage)
    if (readUpTo >= member.lastMessage) return markReadUpTo(tx, member, { readUpTo, unread: 0 })
    const unread = readUpTo === messageId ? tx.unreadAfter(caller, convoId, messageId) : member.unread
    markReadUpTo(tx, member, { readUpTo, unread })
  })
}

/**
 * Marks every convo with something unread: `chat.bsky.convo.updateAllRead`. In steps, so that a long list
 * holds up nobody else.
 * @returns how many convos changed
 */
export async function markAllRead(ctx: Context, caller: Did, status?: MemberStatus): Promise<number> {
  const limit = readConvosPerTransactionMax
  const unreadOf = [{ did: caller, limit, ...(status && { status }) }]
  let total = 0
  for (;;) {
    const changed = await ctx.store.transact({ unreadOf }, tx => {
      const members = tx.unreadMembers(caller, status)
      for (const member of members) markReadUpTo(tx, member, { readUpTo: member.lastMessage, unread: 0 })
      return members.length
    })
    total += changed
    if (changed < limit) return total
  }
}

function markReadUpTo(tx: Transaction, member: Member, marker: { readUpTo: Tid; unread: number }): void {
  const marked = { ...member, ...marker }
  tx.putMember(marked)
  logRead(tx, marked)
}

/** The pair of rows that says where a marker stands now: the message, then the convo, one rev after the other. */
export function logRead(tx: Transaction, { did, convoId, readUpTo }: Member): void {
  const row = { did, convoId, messageId: readUpTo }
  tx.appendLog({ ...row, rev: tx.nextRev(), type: 'readMessage' })
  tx.appendLog({ ...row, rev: tx.nextRev(), type: 'readConvo' })
}
