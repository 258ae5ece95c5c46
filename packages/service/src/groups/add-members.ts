import type { Did } from '@atcute/lexicons/syntax'
import { type Context, newConvosCounter } from '../context.ts'
import { AppError } from '../errors.ts'
import { groupMembersMax } from '../limits.ts'
import { reportGroupEvent } from '../moderation/mod-events.ts'
import {
  assertMayInvite,
  assertMayTakePart,
  assertOwner,
  assertUnlocked,
  requireOwner,
} from '../policy/may-group.ts'
import { askAbout } from '../policy/may-message.ts'
import { convoNotFound, requireMembership } from '../policy/visible-to.ts'
import type { GroupConvo } from '../store/rows.ts'
import type { Transaction } from '../store/transaction.ts'
import type { Tid } from '../tid.ts'
import { admit, assertRoomFor } from './admit.ts'
import { answerRequest } from './join-requests.ts'
import { ownerState } from './owner-state.ts'

/**
 * Takes people into a group, all or none: `chat.bsky.group.addMembers`. They have still to accept. Members are
 * passed over; who had asked to join, or was removed before, is welcome.
 * @returns those who are new
 * @throws AccountSuspended, BlockedActor, BlockedSubject, ConvoLocked, InsufficientRole, InvalidConvo,
 *   MemberLimitReached, NotFollowedBySender, RateLimitExceeded, RecipientNotFound, UserForbidsGroups
 */
export async function addMembers(
  ctx: Context,
  caller: Did,
  { convoId, members }: { convoId: Tid; members: readonly Did[] },
): Promise<Did[]> {
  const asked = [...new Set(members)]
  const membership = await requireMembership(ctx.store, caller, convoId)
  if (membership.convo.kind !== 'group') throw convoNotFound()
  assertOwner(membership.convo, caller)
  if (asked.length > groupMembersMax) {
    throw new AppError('MemberLimitReached', `a group has at most ${groupMembersMax} members`)
  }
  const there = new Set((await ctx.store.membersAmong(membership, asked)).map(({ did }) => did))
  const candidates = asked.filter(did => !there.has(did))
  const counterparts = await askAbout(ctx.people, caller, candidates)
  const scope = {
    accounts: [caller, ...candidates],
    convos: [convoId],
    candidates: candidates.map(did => ({ convoId, did })),
  }
  const countNewConvos = newConvosCounter(ctx, caller)
  return ctx.store.transact(scope, tx => {
    const { group } = requireOwner(tx, caller, convoId)
    assertMayTakePart(tx.account(caller))
    assertUnlocked(group, ownerState(tx, group))
    const added = candidates.filter(did => !tx.member(convoId, did))
    for (const did of added) assertMayInvite(counterparts.get(did)!, tx.account(did))
    assertRoomFor(group, added.length)
    countNewConvos(added.length)
    let grown = group
    for (const did of added) {
      grown = add(tx, grown, did, Boolean(counterparts.get(did)!.relationship.followedBy))
    }
    return added
  })
}

function add(tx: Transaction, group: GroupConvo, did: Did, followsOwner: boolean): GroupConvo {
  const { owner } = group
  const asked = tx.joinRequest(group.id, did)
  const answered = asked ? answerRequest(tx, group, asked, 'approveJoinRequest').group : group
  if (tx.isKicked(group.id, did)) tx.setKicked(group.id, did, false)
  const event = { type: 'addMember', member: did, addedBy: owner } as const
  const { group: grown, rev } = admit(tx, answered, { did, status: 'request', addedBy: owner }, event)
  reportGroupEvent(
    tx,
    'eventGroupChatMemberAdded',
    { group: grown, actor: owner, rev },
    {
      subjectDid: did,
      subjectFollowsOwner: followsOwner,
      requestMembersCount: tx.members(group.id).filter(({ status }) => status === 'request').length,
    },
  )
  return grown
}
