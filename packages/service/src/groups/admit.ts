import type { Did } from '@atcute/lexicons/syntax'
import { AppError } from '../errors.ts'
import { groupMembersMax } from '../limits.ts'
import { newMember } from '../store/new-member.ts'
import type { GroupConvo, MemberStatus, SystemEvent } from '../store/rows.ts'
import type { Transaction } from '../store/transaction.ts'
import type { Tid } from '../tid.ts'
import { announce } from './announce.ts'

/** How somebody becomes a member: invited they have still to accept, by link they wanted it. */
export interface Admission {
  did: Did
  status: MemberStatus
  addedBy?: Did
}

/** Makes a member and tells them that the group is there for them. @returns the rev of their beginning */
export function begin(tx: Transaction, convoId: Tid, { did, status, addedBy }: Admission): Tid {
  const rev = tx.nextRev()
  const member = newMember(convoId, did, rev)
  const sight = { visibleFrom: rev, readUpTo: rev }
  tx.putMember({ ...member, ...sight, status, rev, listed: true, ...(addedBy && { addedBy }) })
  tx.appendLog({ did, rev, type: 'beginConvo', convoId })
  return rev
}

/** Takes somebody into a group that is there: they hear of the group first, then all hear of them. */
export function admit(
  tx: Transaction,
  group: GroupConvo,
  admission: Admission,
  event: SystemEvent,
): { group: GroupConvo; rev: Tid } {
  assertRoomFor(group, 1)
  begin(tx, group.id, admission)
  const grown = { ...group, memberCount: group.memberCount + 1 }
  tx.putGroup(grown)
  return { group: grown, rev: announce(tx, grown, event) }
}

/** @throws MemberLimitReached */
export function assertRoomFor(group: GroupConvo, count: number): void {
  if (group.memberCount + count <= groupMembersMax) return
  throw new AppError('MemberLimitReached', `a group has at most ${groupMembersMax} members`)
}
