import type { ChatBskyModerationDefs } from '@atcute/bluesky'
import type { Context } from '../context.ts'
import { groupMembersMax, joinRequestCountMax } from '../limits.ts'
import type { MessageContext } from '../moderation/message-context.ts'
import { lockOf } from '../policy/may-group.ts'
import { ownersOf } from '../policy/visible-to.ts'
import type { ModeratedConvo } from '../store/moderation-reader.ts'
import { type Convo, type GroupConvo, isSystem, type UserMessage } from '../store/rows.ts'
import type { GroupMember, SeenMessage, ViewedMessage } from '../store/viewed.ts'
import { formatTid, tidTime } from '../tid.ts'
import { joinLinkPreviews } from './join-link-previews.ts'
import { joinLinkView } from './join-link-view.ts'
import { kindOf } from './member-kinds.ts'
import { embedsOf, wholeMessageView } from './message-view.ts'
import { kindView, loadProfiles, type Profiles } from './profiles.ts'
import { systemMessageView } from './system-message-view.ts'

type ConvoView = ChatBskyModerationDefs.ConvoView
type GroupView = ChatBskyModerationDefs.GroupConvo & {
  $type: 'chat.bsky.moderation.defs#groupConvo'
}

/** Convos as moderators see them, who are no members: `chat.bsky.moderation.defs#convoView`. */
export async function moderatedConvoViews(
  ctx: Context,
  convos: readonly ModeratedConvo[],
): Promise<ConvoView[]> {
  const owners = ownersOf(convos)
  const profiles = await loadProfiles(ctx, undefined, { dids: owners })
  return convos.map(({ convo, rev }) => ({
    id: formatTid(convo.id),
    rev: formatTid(rev),
    kind:
      convo.kind === 'group'
        ? groupView(convo, profiles)
        : { $type: 'chat.bsky.moderation.defs#directConvo' },
  }))
}

function groupView(group: GroupConvo, profiles: Profiles): GroupView {
  const { id, name, owner, memberCount, requestCount, link } = group
  const ownerState = { gone: profiles.isMissing(owner), disabled: profiles.isDisabled(owner) }
  return {
    $type: 'chat.bsky.moderation.defs#groupConvo',
    name,
    createdAt: tidTime(id) as GroupView['createdAt'],
    joinRequestCount: Math.min(requestCount, joinRequestCountMax),
    lockStatus: lockOf(group, ownerState).status,
    memberCount,
    memberLimit: groupMembersMax,
    ...(link && { joinLink: joinLinkView(link) }),
  }
}

export async function memberViews(ctx: Context, convo: Convo, members: readonly GroupMember[]) {
  const adders = members.flatMap(({ addedBy }) => addedBy ?? [])
  const dids = [...members.map(({ did }) => did), ...adders]
  const profiles = await loadProfiles(ctx, undefined, { dids })
  return members.map(member => ({
    ...profiles.view(member.did),
    kind: kindView(kindOf(convo, member), profiles.view),
  }))
}

/** Everything as it was written, whoever is gone or has deleted it for themself. */
export async function contextViews(ctx: Context, { messages }: MessageContext) {
  const { uris, codes } = embedsOf(messages)
  const [records, previews] = await Promise.all([
    ctx.records.views(uris, undefined),
    joinLinkPreviews(ctx, undefined, codes),
  ])
  const around = { records, previews, isMissing: () => false, isGroup: () => false }
  return messages.map(viewed =>
    isSystem(viewed.message)
      ? systemMessageView(viewed.message)
      : wholeMessageView(viewed as ViewedMessage & SeenMessage<UserMessage>, around),
  )
}
