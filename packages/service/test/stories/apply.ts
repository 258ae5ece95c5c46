import assert from 'node:assert/strict'
import type { Did } from '@atcute/lexicons/syntax'
import {
  type GroupView,
  type HeldConvo,
  type HeldMember,
  isGroup,
  plain,
  type Row,
  type SystemMessageView,
} from './held.ts'
import { byOthers, isDeleted, withMessageAsNow, withNewMessage, withSystemMessage } from './history.ts'

/**
 * A row's convo after it; `undefined` for a group that was left. Nothing changes where the convo was fetched later
 * than this. That guard is what a row must raise the convo's rev for: without it, whoever fetches between event and
 * row counts twice (behaviour.md 3.2). Rows that do not raise it must be harmless when seen twice.
 */
export function apply(held: HeldConvo, row: Row): HeldConvo | undefined {
  const { view } = held
  if (row.rev <= view.rev) return held
  const raised = { ...held, view: { ...view, rev: row.rev } }
  switch (row.$type) {
    case 'chat.bsky.convo.defs#logBeginConvo':
      // Of a convo that is held already, by opening it again after leaving.
      return { ...held, view: { ...view, rev: row.rev, status: 'accepted' } }
    case 'chat.bsky.convo.defs#logAcceptConvo':
      return { ...held, view: { ...view, status: 'accepted' } }
    case 'chat.bsky.convo.defs#logLeaveConvo':
      return isGroup(view) ? undefined : left(held, row.rev)
    case 'chat.bsky.convo.defs#logMuteConvo':
      return { ...held, view: { ...view, muted: true } }
    case 'chat.bsky.convo.defs#logUnmuteConvo':
      return { ...held, view: { ...view, muted: false } }
    case 'chat.bsky.convo.defs#logCreateMessage':
      return withNewMessage(raised, plain(row.message))
    case 'chat.bsky.convo.defs#logDeleteMessage':
      assert.ok(isDeleted(row.message), 'official clients pass over any other view (behaviour.md 2.3)')
      return withMessageAsNow(held, row.message)
    case 'chat.bsky.convo.defs#logReadMessage':
    case 'chat.bsky.convo.defs#logReadConvo': {
      const marker = row.message.id
      const unread = byOthers(held).filter(({ id }) => id > marker)
      return { ...held, view: { ...view, unreadCount: unread.length } }
    }
    case 'chat.bsky.convo.defs#logAddReaction':
    case 'chat.bsky.convo.defs#logRemoveReaction':
      return withMessageAsNow(held, plain(row.message))
    case 'chat.bsky.convo.defs#logAddMember':
    case 'chat.bsky.convo.defs#logMemberJoin':
      return withSystemMessage(withMember(raised, row), row.message)
    case 'chat.bsky.convo.defs#logRemoveMember':
    case 'chat.bsky.convo.defs#logMemberLeave':
      return withSystemMessage(withoutMember(raised, memberOf(row.message)), row.message)
    case 'chat.bsky.convo.defs#logLockConvo':
      return withSystemMessage(withKind(held, { lockStatus: 'locked' }), row.message)
    case 'chat.bsky.convo.defs#logUnlockConvo':
      return withSystemMessage(withKind(held, { lockStatus: 'unlocked' }), row.message)
    case 'chat.bsky.convo.defs#logLockConvoPermanently': {
      const ended = { lockStatus: 'locked-permanently', lockStatusModerationOverride: false } as const
      return withSystemMessage(withKind(held, ended), row.message)
    }
    // Names and links are fetched.
    case 'chat.bsky.convo.defs#logEditGroup':
    case 'chat.bsky.convo.defs#logCreateJoinLink':
    case 'chat.bsky.convo.defs#logEditJoinLink':
    case 'chat.bsky.convo.defs#logEnableJoinLink':
    case 'chat.bsky.convo.defs#logDisableJoinLink':
      return withSystemMessage(held, row.message)
    case 'chat.bsky.convo.defs#logIncomingJoinRequest': {
      const counted = countRequests(raised, 1)
      return { ...counted, waiting: [row.member.did, ...held.waiting] }
    }
    case 'chat.bsky.convo.defs#logApproveJoinRequest':
    case 'chat.bsky.convo.defs#logRejectJoinRequest':
    case 'chat.bsky.convo.defs#logWithdrawIncomingJoinRequest': {
      const counted = countRequests(raised, -1)
      return { ...counted, waiting: held.waiting.filter(did => did !== row.member.did) }
    }
    case 'chat.bsky.convo.defs#logReadJoinRequests':
      return withKind(held, { unreadJoinRequestCount: undefined })
    default:
      assert.fail(`${row.$type} is about no convo that is held`)
  }
}

function left(held: HeldConvo, rev: string): HeldConvo {
  const { lastMessage: _, ...rest } = held.view
  return { ...held, view: { ...rest, rev, status: 'request', unreadCount: 0 }, history: [] }
}

function withMember(
  held: HeldConvo,
  { message, relatedProfiles }: { message: SystemMessageView; relatedProfiles: { did: Did }[] },
): HeldConvo {
  const data = message.data as { member: { did: Did }; addedBy?: { did: Did } }
  const { did } = data.member
  // Official clients add the profile that stands beside the message (behaviour.md 5.3).
  assert.ok(
    relatedProfiles.some(profile => profile.did === did),
    'a new member comes without profile',
  )
  const member: HeldMember = { did, role: 'standard', ...(data.addedBy && { addedBy: data.addedBy.did }) }
  const { memberCount } = held.view.kind as GroupView
  return { ...withKind(held, { memberCount: memberCount + 1 }), members: [...held.members, member] }
}

function withoutMember(held: HeldConvo, gone: Did): HeldConvo {
  const { memberCount } = held.view.kind as GroupView
  const members = held.members.filter(({ did }) => did !== gone)
  return { ...withKind(held, { memberCount: memberCount - 1 }), members }
}

function memberOf({ data }: SystemMessageView): Did {
  return (data as { member: { did: Did } }).member.did
}

/** Clients know no zero here (behaviour.md 3.11). */
function countRequests(held: HeldConvo, by: 1 | -1): HeldConvo {
  const { joinRequestCount = 0, unreadJoinRequestCount = 0 } = held.view.kind as GroupView
  return withKind(held, {
    joinRequestCount: joinRequestCount + by || undefined,
    unreadJoinRequestCount: Math.max(0, unreadJoinRequestCount + by) || undefined,
  })
}

function withKind(held: HeldConvo, change: { [K in keyof GroupView]?: GroupView[K] | undefined }): HeldConvo {
  const entries = Object.entries({ ...held.view.kind, ...change }).filter(([, value]) => value !== undefined)
  return { ...held, view: { ...held.view, kind: Object.fromEntries(entries) as HeldConvo['view']['kind'] } }
}
