import type { ChatBskyModerationSubscribeModEvents as ModEvents } from '@atcute/bluesky'
import type { Did } from '@atcute/lexicons/syntax'
import type { Convo, GroupConvo, Member, ModEvent } from '../store/rows.ts'
import type { Transaction } from '../store/transaction.ts'
import { formatTid, type Tid, tidTime } from '../tid.ts'

/**
 * What moderators are told, `chat.bsky.moderation.subscribeModEvents`: written in the transaction of what
 * it is about, under its rev, with names and counts as they are then. No event carries the text of a message.
 */

type Name =
  | 'eventGroupChatCreated'
  | 'eventGroupChatJoinRequest'
  | 'eventGroupChatJoinRequestApproved'
  | 'eventGroupChatJoinRequestRejected'
  | 'eventGroupChatMemberAdded'
  | 'eventGroupChatMemberJoined'
  | 'eventGroupChatMemberLeft'
  | 'eventGroupChatUpdated'

/** What every event about a group says. */
type Common =
  | '$type'
  | 'actorDid'
  | 'convoCreatedAt'
  | 'convoId'
  | 'createdAt'
  | 'groupMemberCount'
  | 'groupName'
  | 'ownerDid'
  | 'rev'

type GroupEvent<N extends Name> = Extract<
  ModEvents.$message,
  { $type?: `chat.bsky.moderation.subscribeModEvents#${N}` | undefined }
>

/** Reports what `actor` did in a group. `details` is what only this event says. */
export function reportGroupEvent<N extends Name>(
  tx: Transaction,
  name: N,
  { group, actor, rev }: { group: GroupConvo; actor: Did; rev: Tid },
  details: Omit<GroupEvent<N>, Common>,
): void {
  const event: object = {
    $type: `chat.bsky.moderation.subscribeModEvents#${name}`,
    actorDid: actor,
    convoId: formatTid(group.id),
    convoCreatedAt: timeOf(group.id),
    createdAt: timeOf(rev),
    groupMemberCount: group.memberCount,
    groupName: group.name,
    ownerDid: group.owner,
    rev: formatTid(rev),
    ...details,
  }
  append(tx, rev, event as ModEvent['event'])
}

export function reportFirstMessage(
  tx: Transaction,
  { convoId, messageId, sender }: { convoId: Tid; messageId: Tid; sender: Did },
  others: readonly Member[],
): void {
  append(tx, messageId, {
    $type: 'chat.bsky.moderation.subscribeModEvents#eventConvoFirstMessage',
    convoId: formatTid(convoId),
    createdAt: timeOf(messageId),
    messageId: formatTid(messageId),
    recipients: others.map(({ did }) => did),
    rev: formatTid(messageId),
    user: sender,
  })
}

export function reportAccepted(
  tx: Transaction,
  { convo, actor, rev }: { convo: Convo; actor: Did; rev: Tid },
  method: 'explicit' | 'message',
): void {
  append(tx, rev, {
    $type: 'chat.bsky.moderation.subscribeModEvents#eventChatAccepted',
    actorDid: actor,
    convoCreatedAt: timeOf(convo.id),
    convoId: formatTid(convo.id),
    createdAt: timeOf(rev),
    method,
    rev: formatTid(rev),
    ...(convo.kind === 'group' && {
      groupMemberCount: convo.memberCount,
      groupName: convo.name,
      ownerDid: convo.owner,
    }),
  })
}

export function reportRateLimit(tx: Transaction, actor: Did, endpoint: string): void {
  const rev = tx.nextRev()
  append(tx, rev, {
    $type: 'chat.bsky.moderation.subscribeModEvents#eventRateLimitExceeded',
    actorDid: actor,
    createdAt: timeOf(rev),
    endpoint,
    rev: formatTid(rev),
  })
}

function append(tx: Transaction, rev: Tid, event: ModEvent['event']): void {
  tx.appendModEvent({ rev, event })
}

function timeOf(tid: Tid): ModEvents.EventChatAccepted['createdAt'] {
  return tidTime(tid) as ModEvents.EventChatAccepted['createdAt']
}
