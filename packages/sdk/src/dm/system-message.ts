import type { Did } from '@atcute/lexicons/syntax'
import type { DmContext } from './context.ts'
import type { Member } from './member.ts'
import type { SystemMessageView } from './views.ts'

/** What the service says of a group: who joined, what it is called now. `event` is the kind: `memberJoin`, `editGroup`, … */
export interface SystemMessage {
  type: 'system'
  id: string
  rev: string
  convoId: string
  sentAt: Date
  event: string
  /** What happened, in English, with the names of people: `Alice removed carla.test`. Text of others may be in it. */
  summary: string
  raw: SystemMessageView
}

/** A system message as an object. */
export function systemMessageOf(
  { people }: DmContext,
  convoId: string,
  raw: SystemMessageView,
): SystemMessage {
  const { id, rev, sentAt, data } = raw
  const event = eventOf(data.$type)
  const summary = summaryOf(event, data as Facts, did => people.member(did))
  return { type: 'system', id, rev, convoId, sentAt: new Date(sentAt), event, summary, raw }
}

/** `chat.bsky.convo.defs#systemMessageDataMemberJoin` is `memberJoin`. */
function eventOf($type = ''): string {
  const name = $type.replace(/^.*#(systemMessageData)?/, '')
  return name.charAt(0).toLowerCase() + name.slice(1)
}

type Person = { did: Did }

/** What the kinds of system messages say; each says some of it. */
interface Facts {
  member?: Person
  addedBy?: Person
  removedBy?: Person
  approvedBy?: Person
  lockedBy?: Person
  unlockedBy?: Person
  newName?: string
}

function summaryOf(event: string, facts: Facts, member: (did: Did) => Member): string {
  const nameOf = (person: Person | undefined) => (person ? member(person.did).name : 'Somebody')
  const { addedBy, removedBy, approvedBy, lockedBy, unlockedBy, newName = '' } = facts
  const who = nameOf(facts.member)
  switch (event) {
    case 'addMember':
      return `${nameOf(addedBy)} added ${who}`
    case 'removeMember':
      return `${nameOf(removedBy)} removed ${who}`
    case 'memberJoin':
      return approvedBy ? `${nameOf(approvedBy)} let ${who} in` : `${who} joined by the link`
    case 'memberLeave':
      return `${who} left`
    case 'lockConvo':
      return `${nameOf(lockedBy)} locked the group`
    case 'lockConvoPermanently':
      return `${nameOf(lockedBy)} ended the group`
    case 'unlockConvo':
      return `${nameOf(unlockedBy)} unlocked the group`
    case 'editGroup':
      return `The group is called ${newName} now`
    case 'createJoinLink':
      return 'A join link was made'
    case 'editJoinLink':
      return 'The join link was changed'
    case 'enableJoinLink':
      return 'The join link was enabled'
    case 'disableJoinLink':
      return 'The join link was disabled'
    default: // Newer than this library: `memberJoin` is "member join".
      return event.replace(/(?=[A-Z])/g, ' ').toLowerCase()
  }
}
