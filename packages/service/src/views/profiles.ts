import type { ChatBskyActorDefs } from '@atcute/bluesky'
import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import type { Person } from '../people/people.ts'
import { viewerState } from '../people/viewer-state.ts'
import type { Tid } from '../tid.ts'
import { type ConvoPeople, loadMemberKinds, type MemberKind } from './member-kinds.ts'

export type ProfileView = ChatBskyActorDefs.ProfileViewBasic

/** Profiles as one viewer sees them, loaded together for one answer. */
export interface Profiles {
  /** An account that is gone has a profile too, under the handle `missing.invalid` (behaviour.md 3.8). */
  view(did: Did): ProfileView
  /** With their part in the convo, where the convo was asked about. */
  memberView(convoId: Tid, did: Did): ProfileView
  /** Never the viewer: who calls is there, even before the network has heard of them. */
  isMissing(did: Did): boolean
  /** Moderation has disabled their chat. */
  isDisabled(did: Did): boolean
}

/** What answers to somebody who is not logged in, or to moderators, is seen by nobody in particular. */
export type Viewer = Did | undefined

export async function loadProfiles(
  ctx: Pick<Context, 'people' | 'store'>,
  viewer: Viewer,
  asked: { convos?: readonly ConvoPeople[]; dids?: readonly Did[] },
): Promise<Profiles> {
  const { convos = [], dids = [] } = asked
  const kindOf = await loadMemberKinds(ctx, convos)
  const adders = convos.flatMap(({ membership, dids }) =>
    dids.flatMap(did => {
      const kind = kindOf(membership.convo.id, did)
      return kind.kind === 'member' && kind.addedBy ? kind.addedBy : []
    }),
  )
  const all = [...new Set([...dids, ...convos.flatMap(({ dids }) => dids), ...adders])]
  const [shown, disabled] = await Promise.all([ctx.people.show(viewer, all), ctx.store.disabledAmong(all)])
  const isMissing = (did: Did) => did !== viewer && shown.get(did)?.person === 'gone'
  const view = (did: Did): ProfileView => {
    const { person = 'unknown', relationship = {} } = shown.get(did) ?? {}
    return {
      ...(typeof person === 'object' ? profileView(person) : unnamed(did, isMissing(did))),
      ...(viewer !== undefined && { viewer: viewerState(relationship) }),
      chatDisabled: disabled.has(did),
    }
  }
  return {
    isMissing,
    isDisabled: did => disabled.has(did),
    view,
    memberView: (convoId, did) => ({ ...view(did), kind: kindView(kindOf(convoId, did), view) }),
  }
}

export function kindView(
  kind: MemberKind,
  view: (did: Did) => ProfileView,
): NonNullable<ProfileView['kind']> {
  if (kind.kind === 'direct') return { $type: 'chat.bsky.actor.defs#directConvoMember' }
  if (kind.kind === 'past') return { $type: 'chat.bsky.actor.defs#pastGroupConvoMember' }
  const { role, addedBy } = kind
  const $type = 'chat.bsky.actor.defs#groupConvoMember'
  return { $type, role, ...(addedBy && { addedBy: view(addedBy) }) }
}

/** Of one of whom the network says nothing. Clients read `missing.invalid` as "deleted". */
function unnamed(did: Did, isMissing: boolean): ProfileView {
  return { did, handle: isMissing ? 'missing.invalid' : 'handle.invalid', labels: [] }
}

function profileView(person: Person): ProfileView {
  const { did, handle, displayName, avatar, associated, createdAt, labels, verification } = person
  return {
    did,
    handle,
    labels,
    ...(displayName !== undefined && { displayName }),
    ...(avatar !== undefined && { avatar }),
    ...(associated && { associated }),
    ...(createdAt !== undefined && { createdAt: createdAt as NonNullable<ProfileView['createdAt']> }),
    ...(verification && { verification }),
  }
}
