import type { ChatBskyActorDefs } from '@atcute/bluesky'
import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import type { Person } from '../people/people.ts'
import { viewerState } from '../people/viewer-state.ts'

type ProfileView = ChatBskyActorDefs.ProfileViewBasic

/** Profiles as one viewer sees them, loaded together for one answer. */
export interface Profiles {
  /** An account that is gone has a profile too, under the handle `missing.invalid` (behaviour.md 3.8). */
  view(did: Did): ProfileView
  /** Never the viewer: who calls is there, even before the network has heard of them. */
  isMissing(did: Did): boolean
}

export async function loadProfiles(
  ctx: Pick<Context, 'people' | 'store'>,
  viewer: Did,
  dids: Iterable<Did>,
): Promise<Profiles> {
  const all = [...new Set(dids)]
  const [shown, disabled] = await Promise.all([ctx.people.show(viewer, all), ctx.store.disabledAmong(all)])
  const isMissing = (did: Did) => did !== viewer && shown.get(did)?.person === 'gone'
  return {
    isMissing,
    view: did => {
      const { person = 'unknown', relationship = {} } = shown.get(did) ?? {}
      return {
        ...(typeof person === 'object' ? profileView(person) : unnamed(did, isMissing(did))),
        viewer: viewerState(relationship),
        chatDisabled: disabled.has(did),
        kind: { $type: 'chat.bsky.actor.defs#directConvoMember' },
      }
    },
  }
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
