import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../tid.ts'
import type { Member } from './rows.ts'

/** A member who has not been told of the convo yet, and has its whole history in sight. */
export function newMember(convoId: Tid, did: Did, joined: Tid): Member {
  return {
    convoId,
    did,
    status: 'request',
    rev: 0,
    listed: false,
    muted: false,
    visibleFrom: 0,
    lastMessage: 0,
    lastIsSystem: false,
    readUpTo: 0,
    unread: 0,
    joined,
    unreadRequests: 0,
  }
}
