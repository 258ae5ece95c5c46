import type { GroupConvo, SystemEvent, SystemMessage } from '../store/rows.ts'
import type { Transaction } from '../store/transaction.ts'
import type { Tid } from '../tid.ts'

/** Events that clients count members by, and so must not see twice: they raise the convo's rev (behaviour.md 3.2 c). */
const countsMembers: ReadonlySet<SystemEvent['type']> = new Set([
  'addMember',
  'removeMember',
  'memberJoin',
  'memberLeave',
])

/**
 * Writes what happened into the group's history and tells every member, all under one rev. A system message never
 * counts as unread, and shows as the last message only as long as nobody has written (behaviour.md 7 (16)).
 * @returns the rev, which is also the message's id
 */
export function announce(tx: Transaction, group: GroupConvo, event: SystemEvent): Tid {
  const rev = tx.nextRev()
  const message: SystemMessage = { convoId: group.id, id: rev, rev, event }
  tx.addMessage(message)
  for (const member of tx.members(group.id)) {
    const isLast = member.lastMessage === 0 || member.lastIsSystem
    const raises = countsMembers.has(event.type)
    if (isLast || raises) {
      const last = { lastMessage: rev, lastIsSystem: true }
      tx.putMember({ ...member, ...(isLast && last), ...(raises && { rev }) })
    }
    tx.appendLog({ did: member.did, rev, type: event.type, convoId: group.id, messageId: rev })
  }
  return rev
}
