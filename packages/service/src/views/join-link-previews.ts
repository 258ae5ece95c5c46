import type { Context } from '../context.ts'
import type { Membership } from '../store/store.ts'
import type { Tid } from '../tid.ts'
import { bareConvoView } from './bare-convo-view.ts'
import { invalidPreview, type JoinLinkPreview, joinLinkPreview } from './join-link-view.ts'
import { loadProfiles, type Viewer } from './profiles.ts'

/**
 * Previews by code: `chat.bsky.group.getJoinLinkPreviews`, and of links in messages. The convo in it, for members, is
 * bare: its last message may hold a link again, and so on without end.
 */
export async function joinLinkPreviews(
  ctx: Pick<Context, 'people' | 'store'>,
  viewer: Viewer,
  codes: readonly string[],
): Promise<Map<string, JoinLinkPreview>> {
  if (codes.length === 0) return new Map()
  const wanted = [...new Set(codes)]
  const groups = await ctx.store.groupsByCode(wanted)
  const convoIds = [...groups.values()].map(({ id }) => id)
  const [memberships, requestedAt] =
    viewer === undefined
      ? [new Map<Tid, Membership>(), new Map<Tid, Tid>()]
      : await Promise.all([ctx.store.memberships(viewer, convoIds), ctx.store.requestedAt(viewer, convoIds)])
  const profiles = await loadProfiles(ctx, viewer, {
    convos: [...memberships.values()].map(membership => ({ membership, dids: peopleOf(membership) })),
    dids: [...groups.values()].map(({ owner }) => owner),
  })
  const previewOf = (code: string): JoinLinkPreview => {
    const group = groups.get(code)
    if (!group?.link) return invalidPreview(code)
    const membership = memberships.get(group.id)
    return joinLinkPreview(group, group.link, {
      owner: profiles.view(group.owner),
      requestedAt: requestedAt.get(group.id),
      ...(membership && { convo: bareConvoView(membership, peopleOf(membership), profiles) }),
    })
  }
  return new Map(wanted.map(code => [code, previewOf(code)]))
}

function peopleOf({ members, viewer }: Membership) {
  return [...new Set([...members, viewer.did])]
}
