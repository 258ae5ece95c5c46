import type { ChatBskyConvoDefs } from '@atcute/bluesky'
import type { Did } from '@atcute/lexicons/syntax'
import type { SystemEvent, SystemMessage } from '../store/rows.ts'
import { formatTid, tidTime } from '../tid.ts'

export type SystemMessageView = ChatBskyConvoDefs.SystemMessageView & {
  $type: 'chat.bsky.convo.defs#systemMessageView'
}

export function systemMessageView({ id, rev, event }: SystemMessage): SystemMessageView {
  return {
    $type: 'chat.bsky.convo.defs#systemMessageView',
    id: formatTid(id),
    rev: formatTid(rev),
    sentAt: tidTime(id) as SystemMessageView['sentAt'],
    data: dataOf(event),
  }
}

/** Everybody whom the message names; their profiles come beside it. */
export function peopleInEvent(event: SystemEvent): Did[] {
  const { type: _, ...facts } = event
  return Object.entries(facts).flatMap(([key, value]) => (key.endsWith('Name') ? [] : (value as Did)))
}

function dataOf(event: SystemEvent): SystemMessageView['data'] {
  switch (event.type) {
    case 'addMember':
      return {
        $type: 'chat.bsky.convo.defs#systemMessageDataAddMember',
        member: { did: event.member },
        role: 'standard',
        addedBy: { did: event.addedBy },
      }
    case 'removeMember':
      return {
        $type: 'chat.bsky.convo.defs#systemMessageDataRemoveMember',
        member: { did: event.member },
        removedBy: { did: event.removedBy },
      }
    case 'memberJoin':
      return {
        $type: 'chat.bsky.convo.defs#systemMessageDataMemberJoin',
        member: { did: event.member },
        role: 'standard',
        ...(event.approvedBy && { approvedBy: { did: event.approvedBy } }),
      }
    case 'memberLeave':
      return {
        $type: 'chat.bsky.convo.defs#systemMessageDataMemberLeave',
        member: { did: event.member },
      }
    case 'lockConvo':
      return {
        $type: 'chat.bsky.convo.defs#systemMessageDataLockConvo',
        lockedBy: { did: event.lockedBy },
      }
    case 'lockConvoPermanently':
      return {
        $type: 'chat.bsky.convo.defs#systemMessageDataLockConvoPermanently',
        lockedBy: { did: event.lockedBy },
      }
    case 'unlockConvo':
      return {
        $type: 'chat.bsky.convo.defs#systemMessageDataUnlockConvo',
        unlockedBy: { did: event.unlockedBy },
      }
    case 'editGroup':
      return {
        $type: 'chat.bsky.convo.defs#systemMessageDataEditGroup',
        oldName: event.oldName,
        newName: event.newName,
      }
    case 'createJoinLink':
      return { $type: 'chat.bsky.convo.defs#systemMessageDataCreateJoinLink' }
    case 'editJoinLink':
      return { $type: 'chat.bsky.convo.defs#systemMessageDataEditJoinLink' }
    case 'enableJoinLink':
      return { $type: 'chat.bsky.convo.defs#systemMessageDataEnableJoinLink' }
    case 'disableJoinLink':
      return { $type: 'chat.bsky.convo.defs#systemMessageDataDisableJoinLink' }
  }
}
