import type { Did } from '@atcute/lexicons/syntax'
import { type Context, newConvosCounter } from '../context.ts'
import { AppError } from '../errors.ts'
import { joinRequestsMax } from '../limits.ts'
import { reportGroupEvent } from '../moderation/mod-events.ts'
import type { Relationship } from '../people/people.ts'
import { assertEnabled, assertMayJoin, assertUnlocked } from '../policy/may-group.ts'
import type { GroupConvo, JoinLink } from '../store/rows.ts'
import type { Transaction } from '../store/transaction.ts'
import type { Tid } from '../tid.ts'
import { admit, assertRoomFor } from './admit.ts'
import { addRequest, answerRequest } from './join-requests.ts'
import { askWhoIsGone, ownerState } from './owner-state.ts'

/** What became of it: a member now, or waiting for the owner. */
export type Joined = { status: 'joined'; convoId: Tid } | { status: 'pending' }

/**
 * Joins a group by its link, or asks its owner to: `chat.bsky.group.requestJoin`. A member is a member already, and who
 * waits goes on waiting; neither is an event.
 * @throws ConvoLocked, FollowRequired, InvalidCode, InvalidRequest, LinkDisabled, MemberLimitReached, RateLimitExceeded,
 *   UserKicked
 */
export async function requestJoin(ctx: Context, caller: Did, code: string): Promise<Joined> {
  const found = (await ctx.store.groupsByCode([code])).get(code)
  if (!found) throw invalidCode()
  const { id: convoId, owner } = found
  const [relationships, gone] = await Promise.all([
    ctx.people.relationships(caller, [owner]),
    askWhoIsGone(ctx.people, caller, [owner]),
  ])
  const relationship = relationships.get(owner) ?? {}
  const scope = {
    accounts: [caller, owner],
    convos: [convoId],
    candidates: [{ convoId, did: caller }],
  }
  const countNewConvos = newConvosCounter(ctx, caller)
  return ctx.store.transact(scope, tx => {
    const group = tx.convo(convoId)
    if (group?.kind !== 'group' || group.link?.code !== code) throw invalidCode()
    if (tx.member(convoId, caller)) return { status: 'joined', convoId }
    if (group.link.requireApproval && tx.joinRequest(convoId, caller)) return { status: 'pending' }
    assertEnabled(tx.account(caller))
    assertUnlocked(group, ownerState(tx, group, gone))
    assertMayJoin(group.link, relationship, tx.isKicked(convoId, caller))
    assertRoomFor(group, 1)
    if (!tx.joinRequest(convoId, caller)) countNewConvos(1)
    return group.link.requireApproval
      ? ask(tx, group, group.link, { did: caller, relationship })
      : join(tx, group, group.link, { did: caller, relationship })
  })
}

interface Joiner {
  did: Did
  relationship: Relationship
}

function ask(tx: Transaction, group: GroupConvo, { code }: JoinLink, { did, relationship }: Joiner): Joined {
  if (group.requestCount >= joinRequestsMax) {
    throw new AppError('MemberLimitReached', 'too many wait for the owner of this group already')
  }
  const rev = addRequest(tx, group, did)
  const subjectFollowsOwner = Boolean(relationship.following)
  const details = { joinLinkCode: code, subjectFollowsOwner }
  reportGroupEvent(tx, 'eventGroupChatJoinRequest', { group, actor: did, rev }, details)
  return { status: 'pending' }
}

/** Who waited while the link changed its rule need not wait any longer. */
function join(tx: Transaction, group: GroupConvo, { code }: JoinLink, joiner: Joiner): Joined {
  const { did, relationship } = joiner
  const request = tx.joinRequest(group.id, did)
  const answered = request ? answerRequest(tx, group, request, 'withdrawIncomingJoinRequest').group : group
  const event = { type: 'memberJoin', member: did } as const
  const { group: grown, rev } = admit(tx, answered, { did, status: 'accepted' }, event)
  const details = { joinLinkCode: code, subjectFollowsOwner: Boolean(relationship.following) }
  reportGroupEvent(tx, 'eventGroupChatMemberJoined', { group: grown, actor: did, rev }, details)
  return { status: 'joined', convoId: group.id }
}

function invalidCode(): AppError {
  return new AppError('InvalidCode', 'this code leads to no group')
}
