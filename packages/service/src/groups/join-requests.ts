import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { AppError, invalidRequest } from '../errors.ts'
import { reportGroupEvent } from '../moderation/mod-events.ts'
import { assertEnabled, assertMayLetIn, assertUnlocked, requireOwner } from '../policy/may-group.ts'
import type { GroupConvo, JoinRequest, LogType } from '../store/rows.ts'
import type { Transaction } from '../store/transaction.ts'
import type { Tid } from '../tid.ts'
import { admit } from './admit.ts'
import { ownerState } from './owner-state.ts'

/** How a request ends, as the owner's log says it. */
type Answer = Extract<LogType, 'approveJoinRequest' | 'rejectJoinRequest' | 'withdrawIncomingJoinRequest'>

/** Puts a request before the owner; both sides hear of it. @returns the rev */
export function addRequest(tx: Transaction, group: GroupConvo, did: Did): Tid {
  const rev = tx.nextRev()
  tx.addJoinRequest({ convoId: group.id, did, requestedAt: rev })
  tx.putGroup({ ...group, requestCount: group.requestCount + 1 })
  const owner = tx.member(group.id, group.owner)!
  tx.putMember({ ...owner, rev, unreadRequests: owner.unreadRequests + 1 })
  const row = { rev, convoId: group.id }
  tx.appendLog({ ...row, did: owner.did, type: 'incomingJoinRequest', member: did })
  tx.appendLog({ ...row, did, type: 'outgoingJoinRequest' })
  return rev
}

/**
 * Takes a request away and tells the owner. Each answered one takes one off what the owner has not looked at,
 * because that is how official clients count (behaviour.md 5.3).
 */
export function answerRequest(
  tx: Transaction,
  group: GroupConvo,
  request: JoinRequest,
  type: Answer,
): { group: GroupConvo; rev: Tid } {
  const rev = tx.nextRev()
  tx.removeJoinRequest(request)
  const left = { ...group, requestCount: group.requestCount - 1 }
  tx.putGroup(left)
  const owner = tx.member(group.id, group.owner)!
  tx.putMember({ ...owner, rev, unreadRequests: Math.max(0, owner.unreadRequests - 1) })
  tx.appendLog({ did: owner.did, rev, type, convoId: group.id, member: request.did })
  return { group: left, rev }
}

/** Tells the one who asked that the request is no more. */
export function tellWithdrawn(tx: Transaction, { did, convoId }: JoinRequest, rev: Tid): void {
  tx.appendLog({ did, rev, type: 'withdrawOutgoingJoinRequest', convoId })
}

interface Asked {
  convoId: Tid
  member: Did
}

/**
 * Lets somebody in: `chat.bsky.group.approveJoinRequest`. One who is a member by now needs no more.
 * @throws ConvoLocked, InsufficientRole, InvalidConvo, InvalidRequest, MemberLimitReached
 */
export async function approveJoinRequest(
  ctx: Context,
  caller: Did,
  { convoId, member }: Asked,
): Promise<void> {
  const relationship = (await ctx.people.relationships(caller, [member])).get(member) ?? {}
  return ctx.store.transact(scopeOf(caller, { convoId, member }), tx => {
    const { group } = requireOwner(tx, caller, convoId)
    if (tx.member(convoId, member)) return
    assertEnabled(tx.account(caller))
    assertUnlocked(group, ownerState(tx, group))
    const request = tx.joinRequest(convoId, member)
    if (!request) throw invalidRequest('this account has not asked to join')
    assertMayLetIn(relationship)
    const { group: answered, rev } = answerRequest(tx, group, request, 'approveJoinRequest')
    const event = { type: 'memberJoin', member, approvedBy: caller } as const
    const { group: grown } = admit(tx, answered, { did: member, status: 'accepted' }, event)
    const facts = { group: grown, actor: caller, rev }
    reportGroupEvent(tx, 'eventGroupChatJoinRequestApproved', facts, { subjectDid: member })
  })
}

/**
 * Turns somebody away, who is not told: `chat.bsky.group.rejectJoinRequest`. They may ask again. A request that is
 * not there needs no rejecting.
 * @throws InsufficientRole, InvalidConvo
 */
export function rejectJoinRequest(ctx: Context, caller: Did, { convoId, member }: Asked): Promise<void> {
  return ctx.store.transact(scopeOf(caller, { convoId, member }), tx => {
    const { group } = requireOwner(tx, caller, convoId)
    const request = tx.joinRequest(convoId, member)
    if (!request) return
    const { group: left, rev } = answerRequest(tx, group, request, 'rejectJoinRequest')
    const facts = { group: left, actor: caller, rev }
    reportGroupEvent(tx, 'eventGroupChatJoinRequestRejected', facts, { subjectDid: member })
  })
}

/** Takes the caller's own request back: `chat.bsky.group.withdrawJoinRequest`. @throws InvalidJoinRequest */
export async function withdrawJoinRequest(ctx: Context, caller: Did, convoId: Tid): Promise<void> {
  if (!(await withdrawIfThere(ctx, caller, convoId))) throw noJoinRequest()
}

/** @returns whether there was a request, which the owner may have answered meanwhile */
export function withdrawIfThere(ctx: Context, caller: Did, convoId: Tid): Promise<boolean> {
  return ctx.store.transact({ convos: [convoId], candidates: [{ convoId, did: caller }] }, tx => {
    const group = tx.convo(convoId)
    const request = tx.joinRequest(convoId, caller)
    if (!request || group?.kind !== 'group') return false
    const { rev } = answerRequest(tx, group, request, 'withdrawIncomingJoinRequest')
    tellWithdrawn(tx, request, rev)
    return true
  })
}

export function noJoinRequest(): AppError {
  return new AppError('InvalidJoinRequest', 'you have not asked to join this group')
}

/** The owner has looked: `chat.bsky.group.updateJoinRequestsRead`. @throws InsufficientRole, InvalidConvo */
export function markJoinRequestsRead(ctx: Context, caller: Did, convoId: Tid): Promise<void> {
  return ctx.store.transact({ convos: [convoId] }, tx => {
    const { owner } = requireOwner(tx, caller, convoId)
    if (owner.unreadRequests === 0) return
    tx.putMember({ ...owner, unreadRequests: 0 })
    tx.appendLog({ did: caller, rev: tx.nextRev(), type: 'readJoinRequests', convoId })
  })
}

function scopeOf(caller: Did, { convoId, member }: Asked) {
  return { accounts: [caller], convos: [convoId], candidates: [{ convoId, did: member }] }
}
