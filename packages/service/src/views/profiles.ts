import type { AppBskyActorDefs, ChatBskyActorDefs } from '@atcute/bluesky'
import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { isBlockedBy, type Person, type Relationship } from '../people/people.ts'

type ProfileView = ChatBskyActorDefs.ProfileViewBasic

/** Profiles as one viewer sees them, loaded together for one answer. */
export interface Profiles {
  /** An account that is gone has a profile too, under the handle `missing.invalid` (behaviour.md 3.8). */
  view(did: Did): ProfileView
  isMissing(did: Did): boolean
}

export async function loadProfiles(ctx: Context, viewer: Did, dids: Iterable<Did>): Promise<Profiles> {
  const all = [...new Set(dids)]
  const others = all.filter(did => did !== viewer)
  const [people, relationships, disabled] = await Promise.all([
    ctx.people.profiles(all),
    others.length > 0 ? ctx.people.relationships(viewer, others) : new Map<Did, Relationship>(),
    ctx.store.disabledAmong(all),
  ])
  return {
    isMissing: did => !people.has(did),
    view: did => ({
      ...profileView(did, people.get(did)),
      viewer: viewerState(relationships.get(did) ?? {}),
      chatDisabled: disabled.has(did),
      kind: { $type: 'chat.bsky.actor.defs#directConvoMember' },
    }),
  }
}

function profileView(did: Did, person: Person | undefined): ProfileView {
  if (!person) return { did, handle: 'missing.invalid', labels: [] }
  const { handle, displayName, avatar, associated, createdAt, labels, verification } = person
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

/** Lists that stand behind a block are not named: their records are not ours to show. */
function viewerState(relationship: Relationship): AppBskyActorDefs.ViewerState {
  const { following, followedBy, blocking } = relationship
  return {
    muted: false,
    blockedBy: isBlockedBy(relationship),
    ...(blocking && { blocking }),
    ...(following && { following }),
    ...(followedBy && { followedBy }),
  }
}
