import type { GroupConvo, Member } from '../store/rows.ts'
import type { Transaction } from '../store/transaction.ts'
import type { Tid } from '../tid.ts'

/** Ends a membership: the last that the log of this account says of the group. */
export function takeOut(tx: Transaction, group: GroupConvo, member: Member): { group: GroupConvo; rev: Tid } {
  const rev = tx.nextRev()
  const shrunk = { ...group, memberCount: group.memberCount - 1 }
  tx.putGroup(shrunk)
  tx.removeMember(member)
  tx.appendLog({ did: member.did, rev, type: 'leaveConvo', convoId: group.id })
  return { group: shrunk, rev }
}
