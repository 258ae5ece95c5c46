import type { ChatBskyGroupDefs } from '@atcute/bluesky'
import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { groupMembersMax } from '../limits.ts'
import type { JoinRequest } from '../store/rows.ts'
import type { OwnJoinRequest } from '../store/store.ts'
import { formatTid, tidTime } from '../tid.ts'
import { viewerView } from './join-link-view.ts'
import { loadProfiles } from './profiles.ts'

type JoinRequestView = ChatBskyGroupDefs.JoinRequestView
type JoinRequestConvoView = ChatBskyGroupDefs.JoinRequestConvoView & {
  $type: 'chat.bsky.group.defs#joinRequestConvoView'
}

/** Who asks to join, as the owner sees it. */
export async function joinRequestViews(
  ctx: Context,
  viewer: Did,
  requests: readonly JoinRequest[],
): Promise<JoinRequestView[]> {
  const profiles = await loadProfiles(ctx, viewer, { dids: requests.map(({ did }) => did) })
  return requests.map(({ convoId, did, requestedAt }) => ({
    convoId: formatTid(convoId),
    requestedBy: profiles.view(did),
    requestedAt: tidTime(requestedAt) as JoinRequestView['requestedAt'],
  }))
}

/** Which groups one has asked to join. */
export async function ownJoinRequestViews(
  ctx: Context,
  viewer: Did,
  requests: readonly OwnJoinRequest[],
): Promise<JoinRequestConvoView[]> {
  const profiles = await loadProfiles(ctx, viewer, { dids: requests.map(({ convo }) => convo.owner) })
  return requests.map(({ convo, requestedAt }) => ({
    $type: 'chat.bsky.group.defs#joinRequestConvoView',
    convoId: formatTid(convo.id),
    name: convo.name,
    owner: profiles.view(convo.owner),
    memberCount: convo.memberCount,
    memberLimit: groupMembersMax,
    viewer: viewerView(requestedAt),
  }))
}
