import type { Did } from '@atcute/lexicons/syntax'
import { type Context, newConvosCounter } from '../context.ts'
import { invalidRequest } from '../errors.ts'
import { askAbout, assertMayOpen } from '../policy/may-message.ts'
import { newMember } from '../store/new-member.ts'
import type { Convo, DirectConvo } from '../store/rows.ts'
import { type Pair, pairOf } from '../store/scope.ts'
import type { Transaction } from '../store/transaction.ts'
import type { Tid } from '../tid.ts'

/**
 * The other one of a direct convo, from a list that may or may not name the caller.
 * @throws InvalidRequest for nobody else, and for more than one other
 */
export function otherOf(caller: Did, members: readonly Did[]): Did {
  const others = [...new Set(members)].filter(did => did !== caller)
  if (others.length > 1)
    throw invalidRequest('a direct conversation has one member besides you; create a group for more')
  if (!others[0]) throw invalidRequest('a conversation with yourself is not possible')
  return others[0]
}

/**
 * Gets the direct convo of the two, or begins it: `chat.bsky.convo.getConvoForMembers`.
 * One with messages in the caller's sight is returned whatever has changed since, so that its history stays
 * readable; a new or empty one must be allowed (behaviour.md 2.2).
 * The other is told with the first message, not before (behaviour.md 4).
 * @throws the names of `assertMayOpen`, RateLimitExceeded
 */
export async function openDirectConvo(ctx: Context, caller: Did, other: Did): Promise<Tid> {
  const existing = await ctx.store.directMembership(caller, other)
  if (existing?.viewer.listed) return existing.convo.id
  const counterpart = (await askAbout(ctx.people, caller, [other])).get(other)!
  const pair = pairOf(caller, other)
  const countNewConvos = newConvosCounter(ctx, caller)
  return ctx.store.transact({ accounts: pair, pairs: [pair] }, tx => {
    const convo = tx.directConvo(pair)
    if (convo && tx.member(convo.id, caller)!.listed) return convo.id
    assertMayOpen(counterpart, convo && tx.member(convo.id, other), {
      sender: tx.account(caller).chatDisabled,
      recipient: tx.account(other).chatDisabled,
    })
    if (!convo) countNewConvos(1)
    return beginFor(tx, caller, convo ?? createDirect(tx, pair, caller))
  })
}

function createDirect(tx: Transaction, pair: Pair, opener: Did): Convo {
  const convo: DirectConvo = { id: tx.nextRev(), kind: 'direct' }
  tx.createDirectConvo(convo, pair)
  for (const did of pair) {
    // The one who opens it comes first.
    tx.putMember(newMember(convo.id, did, did === opener ? convo.id : convo.id + 1))
  }
  return convo
}

/** Who opens a convo accepts it, also one that they had left. Opening an empty one twice changes nothing. */
function beginFor(tx: Transaction, did: Did, convo: Convo): Tid {
  const member = tx.member(convo.id, did)!
  if (member.status === 'accepted') return convo.id
  const rev = tx.nextRev()
  tx.putMember({ ...member, status: 'accepted', rev })
  tx.appendLog({ did, rev, type: 'beginConvo', convoId: convo.id })
  return convo.id
}
