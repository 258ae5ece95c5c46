import type { ChatBskyGroupDefs, ChatBskyGroupGetJoinLinkPreviews } from '@atcute/bluesky'
import { groupMembersMax } from '../limits.ts'
import type { GroupConvo, JoinLink } from '../store/rows.ts'
import { formatTid, type Tid, tidTime } from '../tid.ts'
import type { ProfileView } from './profiles.ts'

export type JoinLinkPreview = ChatBskyGroupGetJoinLinkPreviews.$output['joinLinkPreviews'][number]
type ConvoView = ChatBskyGroupDefs.JoinLinkPreviewView['convo']

/** A link as members see it on the group. */
export function joinLinkView(link: JoinLink): ChatBskyGroupDefs.JoinLinkView {
  const { code, enabled, requireApproval, joinRule, createdAt } = link
  return {
    code,
    enabledStatus: enabled ? 'enabled' : 'disabled',
    requireApproval,
    joinRule,
    createdAt: tidTime(createdAt) as ChatBskyGroupDefs.JoinLinkView['createdAt'],
  }
}

/** What anybody sees of a group who has the code of its link; a member also the convo. */
export function joinLinkPreview(
  group: GroupConvo,
  link: JoinLink,
  seen: { owner: ProfileView; requestedAt?: Tid | undefined; convo?: ConvoView },
): JoinLinkPreview {
  if (!link.enabled) {
    return { $type: 'chat.bsky.group.defs#disabledJoinLinkPreviewView', code: link.code }
  }
  return {
    $type: 'chat.bsky.group.defs#joinLinkPreviewView',
    convoId: formatTid(group.id),
    code: link.code,
    name: group.name,
    owner: seen.owner,
    memberCount: group.memberCount,
    memberLimit: groupMembersMax,
    requireApproval: link.requireApproval,
    joinRule: link.joinRule,
    ...(seen.convo && { convo: seen.convo }),
    ...(seen.requestedAt !== undefined && { viewer: viewerView(seen.requestedAt) }),
  }
}

export function viewerView(requestedAt: Tid): ChatBskyGroupDefs.JoinLinkViewerState {
  return { requestedAt: tidTime(requestedAt) as ChatBskyGroupDefs.JoinLinkView['createdAt'] }
}

export function invalidPreview(code: string): JoinLinkPreview {
  return { $type: 'chat.bsky.group.defs#invalidJoinLinkPreviewView', code }
}
