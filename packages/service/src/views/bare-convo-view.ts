import type { ChatBskyConvoDefs } from '@atcute/bluesky'
import type { Did } from '@atcute/lexicons/syntax'
import { groupMembersMax, joinRequestCountMax } from '../limits.ts'
import { lockOf } from '../policy/may-group.ts'
import type { GroupConvo, Member } from '../store/rows.ts'
import type { Membership } from '../store/store.ts'
import { formatTid, tidTime } from '../tid.ts'
import { joinLinkView } from './join-link-view.ts'
import type { Profiles } from './profiles.ts'

export type ConvoView = ChatBskyConvoDefs.ConvoView & { $type: 'chat.bsky.convo.defs#convoView' }
type GroupView = ChatBskyConvoDefs.GroupConvo & { $type: 'chat.bsky.convo.defs#groupConvo' }

/** A convo as its member sees it, without what was said in it. `members` are those that the view names. */
export function bareConvoView(
  { convo, viewer }: Membership,
  members: readonly Did[],
  profiles: Profiles,
): ConvoView {
  return {
    $type: 'chat.bsky.convo.defs#convoView',
    id: formatTid(convo.id),
    rev: formatTid(viewer.rev),
    kind:
      convo.kind === 'group'
        ? groupView(convo, viewer, profiles)
        : { $type: 'chat.bsky.convo.defs#directConvo' },
    members: members.map(did => profiles.memberView(convo.id, did)),
    status: viewer.status,
    muted: viewer.muted,
    unreadCount: viewer.unread,
  }
}

/** Everybody sees an enabled link; a disabled one and who waits only the owner (behaviour.md 3.11). */
function groupView(group: GroupConvo, viewer: Member, profiles: Profiles): GroupView {
  const { name, owner, memberCount, link } = group
  const isOwner = viewer.did === owner
  const lock = lockOf(group, {
    gone: profiles.isMissing(owner),
    disabled: profiles.isDisabled(owner),
  })
  return {
    $type: 'chat.bsky.convo.defs#groupConvo',
    name,
    createdAt: tidTime(group.id) as GroupView['createdAt'],
    lockStatus: lock.status,
    lockStatusModerationOverride: lock.moderationOverride,
    memberCount,
    memberLimit: groupMembersMax,
    ...(link && (link.enabled || isOwner) && { joinLink: joinLinkView(link) }),
    ...(isOwner && countOf('joinRequestCount', group.requestCount)),
    ...(isOwner && countOf('unreadJoinRequestCount', viewer.unreadRequests)),
  }
}

/** Clients know no zero here (behaviour.md 3.11). */
function countOf(name: 'joinRequestCount' | 'unreadJoinRequestCount', count: number) {
  return count === 0 ? {} : { [name]: Math.min(count, joinRequestCountMax) }
}
