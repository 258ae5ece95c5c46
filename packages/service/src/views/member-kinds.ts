import type { ChatBskyActorDefs } from '@atcute/bluesky'
import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import type { Convo } from '../store/rows.ts'
import type { Membership } from '../store/store.ts'
import type { GroupMember } from '../store/viewed.ts'
import type { Tid } from '../tid.ts'

/** What a profile says of somebody's part in a convo, before the one who added them has a profile of their own. */
export type MemberKind =
  | { kind: 'direct' }
  | { kind: 'member'; role: ChatBskyActorDefs.MemberRole; addedBy?: Did }
  | { kind: 'past' }

/** The people whom views of one convo show. */
export interface ConvoPeople {
  membership: Membership
  dids: readonly Did[]
}

/** The part of each of these in their convo: of a group by its members now, whoever is none of them has been one. */
export async function loadMemberKinds(
  ctx: Pick<Context, 'store'>,
  asked: readonly ConvoPeople[],
): Promise<(convoId: Tid, did: Did) => MemberKind> {
  const convos = new Map(asked.map(({ membership }) => [membership.convo.id, membership.convo]))
  const groups = asked.filter(({ membership }) => membership.convo.kind === 'group')
  const members = new Map<Tid, Map<Did, GroupMember>>()
  for (const { membership, dids } of groups) {
    const found = await ctx.store.membersAmong(membership, dids)
    members.set(membership.convo.id, new Map(found.map(member => [member.did, member])))
  }
  return (convoId, did) => {
    const convo = convos.get(convoId)
    if (convo?.kind !== 'group') return { kind: 'direct' }
    const member = members.get(convoId)?.get(did)
    return member ? kindOf(convo, member) : { kind: 'past' }
  }
}

export function kindOf(convo: Convo, { did, addedBy }: GroupMember): MemberKind {
  if (convo.kind === 'direct') return { kind: 'direct' }
  const role = convo.owner === did ? 'owner' : 'standard'
  return { kind: 'member', role, ...(addedBy && { addedBy }) }
}
