import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../tid.ts'
import type { Message, Reaction, UserMessage } from './rows.ts'

/** A message as one viewer sees it. */
export interface ViewedMessage extends SeenMessage {
  /** The message it replies to, without its own reply. */
  replyTo?: SeenMessage<UserMessage> & {
    /** From before the viewer left or joined: not theirs to read. */
    outOfSight: boolean
  }
}

export interface SeenMessage<M extends Message = Message> {
  message: M
  /** In the order they were added. */
  reactions: readonly Reaction[]
  /** The viewer deleted it for themself. */
  hidden: boolean
}

/** What other members may know of a member. */
export interface GroupMember {
  did: Did
  joined: Tid
  addedBy?: Did
}
