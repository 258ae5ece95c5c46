import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../tid.ts'
import type { Convo, ModEvent } from './rows.ts'
import type { GroupMember, ViewedMessage } from './viewed.ts'

/**
 * What moderators may know: convos and messages whoever's they are. Apart from what viewers read, so that no
 * other method can ask these questions by mistake.
 */
export interface ModerationReader {
  /** Those that exist, in the order asked for. */
  convos(convoIds: readonly Tid[]): Promise<ModeratedConvo[]>
  /** In the order of joining, both of a direct convo included. */
  members(convoId: Tid, page: { after?: Tid; limit: number }): Promise<GroupMember[]>
  /** One at most where the convo is named; without, several convos may have a message of this id. */
  messages(messageId: Tid, convoId?: Tid): Promise<ViewedMessage[]>
  /** Messages of all kinds before or after this one, nearest first. */
  messagesBeside(convoId: Tid, messageId: Tid, side: Side, limit: number): Promise<ViewedMessage[]>
  /** What the account did in chats since then. */
  activity(did: Did, since: Tid): Promise<Activity>
  /** Events with a rev above `after`, oldest first. */
  events(page: { after: Tid; limit: number }): Promise<ModEvent[]>
  /** The rev of the newest event, 0 where there is none. */
  eventHead(): Promise<Tid>
}

export type Side = 'before' | 'after'

export interface ModeratedConvo {
  convo: Convo
  /** Of its newest message, or of its beginning. */
  rev: Tid
}

export interface Activity {
  messagesSent: number
  messagesReceived: number
  /** Convos with messages sent or received. */
  convos: number
  /** Convos begun in this time: groups created, direct convos whose first message was the account's. */
  convosStarted: number
}
