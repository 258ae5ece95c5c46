import type { Did } from '@atcute/lexicons/syntax'
import { type Context, newConvosCounter } from '../context.ts'
import { AppError, invalidRequest } from '../errors.ts'
import { groupMembersMax } from '../limits.ts'
import { reportGroupEvent } from '../moderation/mod-events.ts'
import { assertMayInvite, assertMayTakePart } from '../policy/may-group.ts'
import { askAbout } from '../policy/may-message.ts'
import type { GroupConvo } from '../store/rows.ts'
import type { Tid } from '../tid.ts'
import { begin } from './admit.ts'

/**
 * Begins a group: `chat.bsky.group.createGroup`. Never the same one twice; the others have still to accept. All or
 * nothing: one who may not be invited stops it.
 * @throws AccountSuspended, BlockedActor, BlockedSubject, InvalidRequest, NewAccountCannotCreateGroup,
 *   NotFollowedBySender, RateLimitExceeded, RecipientNotFound, UserForbidsGroups
 */
export async function createGroup(
  ctx: Context,
  caller: Did,
  { name, members }: { name: string; members: readonly Did[] },
): Promise<Tid> {
  const groupName = readGroupName(name)
  const others = [...new Set(members)].filter(did => did !== caller)
  if (others.length + 1 > groupMembersMax) {
    throw invalidRequest(`a group has at most ${groupMembersMax} members, you included`)
  }
  const [counterparts, mayCreate] = await Promise.all([
    askAbout(ctx.people, caller, others),
    mayCreateGroups(ctx, caller),
  ])
  const countNewConvos = newConvosCounter(ctx, caller)
  return ctx.store.transact({ accounts: [caller, ...others] }, tx => {
    assertMayTakePart(tx.account(caller))
    if (!mayCreate) {
      throw new AppError('NewAccountCannotCreateGroup', 'your account is too new to create groups')
    }
    for (const did of others) assertMayInvite(counterparts.get(did)!, tx.account(did))
    countNewConvos(others.length + 1)
    const group: GroupConvo = {
      id: tx.nextRev(),
      kind: 'group',
      name: groupName,
      owner: caller,
      lock: 'unlocked',
      memberCount: others.length + 1,
      requestCount: 0,
    }
    tx.putGroup(group)
    const rev = begin(tx, group.id, { did: caller, status: 'accepted' })
    for (const did of others) begin(tx, group.id, { did, status: 'request', addedBy: caller })
    reportGroupEvent(
      tx,
      'eventGroupChatCreated',
      { group, actor: caller, rev },
      { initialMemberDids: others },
    )
    return group.id
  })
}

/** The lexicon bounds the length; a name is also something to be seen. @throws InvalidRequest */
export function readGroupName(text: string): string {
  if (text.trim() === '') throw invalidRequest('a group needs a name')
  return text
}

/** Whether this account is old enough, as configured; one whose age is not known is. */
export async function mayCreateGroups(ctx: Context, did: Did): Promise<boolean> {
  if (ctx.groupCreatorAgeMs === 0) return true
  const person = (await ctx.people.profiles([did])).get(did)
  const createdAt = Date.parse(person?.createdAt ?? '')
  return Number.isNaN(createdAt) || ctx.clock.now() - createdAt >= ctx.groupCreatorAgeMs
}
