import type { LogRow } from '../../log/log-row.ts'
import type { DmContext } from '../context.ts'
import type { Member } from '../member.ts'
import { type DeletedMessage, Message, messageOf } from '../message.ts'
import type { SystemMessage } from '../system-message.ts'
import type { MessageView, ProfileViewBasic, ReactionView, TypedView } from '../views.ts'

/** Of every event: where in the account's log it stands. Revs compare as strings; a later event has a higher one. */
interface Base {
  rev: string
  convoId: string
  /** The row of the log, as the service answered. */
  raw: TypedView
}

/** Somebody has written. */
export interface MessageEvent extends Base {
  type: 'message'
  message: Message
  /** Whether this account sent it, here or on another device. */
  own: boolean
}

/** The account has removed a message from its own view. */
export interface MessageDeletedEvent extends Base {
  type: 'message:deleted'
  messageId: string
}

/** Somebody has added an emoji to a message, or taken one back. */
export interface ReactionEvent extends Base {
  type: 'reaction:added' | 'reaction:removed'
  /** What it was about, deleted from the own view by now or not. */
  message: Message | DeletedMessage
  value: string
  by: Member
  own: boolean
}

/** What changed about the account's own place in a conversation. */
export interface ConvoEvent extends Base {
  type: 'convo:begun' | 'convo:accepted' | 'convo:left' | 'convo:muted' | 'convo:unmuted'
}

/** The account has read, here or on another device. */
export interface ReadEvent extends Base {
  type: 'convo:read'
  /** The newest message that is read now. */
  messageId: string
}

/** What changed about a group, as its history says it. */
export interface GroupEvent extends Base {
  type: 'group:changed'
  /** `memberJoin`, `editGroup`, `createJoinLink`, …: see SystemMessage. */
  change: string
  message: SystemMessage
}

/** About joining: somebody asks a group of this account, or this account asks another. */
export interface JoinRequestEvent extends Base {
  type: 'join-request'
  change: 'incoming' | 'approved' | 'rejected' | 'withdrawn' | 'read' | 'outgoing' | 'outgoing-withdrawn'
  /** Who asks; `undefined` where it is this account, and where all were read. */
  from: Member | undefined
}

/** Newer than this library. */
export interface UnknownEvent extends Base {
  type: 'unknown'
}

/** Whatever happened. Look at `type`. */
export type ChatEvent =
  | MessageEvent
  | MessageDeletedEvent
  | ReactionEvent
  | ConvoEvent
  | ReadEvent
  | GroupEvent
  | JoinRequestEvent
  | UnknownEvent

/** A row of the log, as far as it is known before anybody has looked at its type. */
interface Row extends LogRow {
  convoId?: string
  message?: TypedView
  reaction?: ReactionView
  member?: ProfileViewBasic
  relatedProfiles?: ProfileViewBasic[]
}

type ConvoChange = ConvoEvent['type']
type JoinChange = JoinRequestEvent['change']

const convoChanges: Readonly<Record<string, ConvoChange>> = {
  logBeginConvo: 'convo:begun',
  logAcceptConvo: 'convo:accepted',
  logLeaveConvo: 'convo:left',
  logMuteConvo: 'convo:muted',
  logUnmuteConvo: 'convo:unmuted',
}

const joinChanges: Readonly<Record<string, JoinChange>> = {
  logIncomingJoinRequest: 'incoming',
  logApproveJoinRequest: 'approved',
  logRejectJoinRequest: 'rejected',
  logWithdrawIncomingJoinRequest: 'withdrawn',
  logReadJoinRequests: 'read',
  logOutgoingJoinRequest: 'outgoing',
  logWithdrawOutgoingJoinRequest: 'outgoing-withdrawn',
}

/** Written beside each `logReadConvo` that is about one conversation, of which it says the same (behaviour.md 2.2). */
const twinOfRead = 'chat.bsky.convo.defs#logReadMessage'

/** The event that a row of the log is. `undefined` of a twin, and of a row that no rev orders: nobody can resume behind it. */
export function eventOf(context: DmContext, logged: LogRow): ChatEvent | undefined {
  const row = logged as Row
  const { $type = '', rev, convoId = '', relatedProfiles, member } = row
  if (rev === undefined || $type === twinOfRead) return undefined
  context.people.meet(relatedProfiles)
  if (member) context.people.meet([member])
  const name = $type.replace(/^chat\.bsky\.convo\.defs#/, '')
  const base: Base = { rev, convoId, raw: row }
  return (
    aboutMessage(context, name, base, row) ??
    aboutConvo(context, name, base, row) ?? { ...base, type: 'unknown' }
  )
}

function aboutMessage(context: DmContext, name: string, base: Base, row: Row): ChatEvent | undefined {
  if (row.message === undefined) return undefined
  const message = messageOf(context, base.convoId, row.message)
  if (name === 'logReadConvo')
    return message.id === undefined ? undefined : { ...base, type: 'convo:read', messageId: message.id }
  if (name === 'logDeleteMessage')
    return message.id === undefined ? undefined : { ...base, type: 'message:deleted', messageId: message.id }
  if (message.type === 'system') return { ...base, type: 'group:changed', change: message.event, message }
  if (message.type === 'deleted' && name === 'logCreateMessage')
    return { ...base, type: 'message:deleted', messageId: message.id }
  if (message.type === 'unknown') return undefined
  if (message.type === 'message' && name === 'logCreateMessage')
    return { ...base, type: 'message', message, own: message.fromMe }
  const { reaction } = row
  if (reaction === undefined || (name !== 'logAddReaction' && name !== 'logRemoveReaction')) return undefined
  const by = context.people.member(reaction.sender.did)
  const type = name === 'logAddReaction' ? 'reaction:added' : 'reaction:removed'
  return { ...base, type, message, value: reaction.value, by, own: by.isMe }
}

function aboutConvo(context: DmContext, name: string, base: Base, { member }: Row): ChatEvent | undefined {
  const convoChange = Object.hasOwn(convoChanges, name) ? convoChanges[name] : undefined
  if (convoChange) return { ...base, type: convoChange }
  const joinChange = Object.hasOwn(joinChanges, name) ? joinChanges[name] : undefined
  if (joinChange)
    return { ...base, type: 'join-request', change: joinChange, from: member && context.people.of(member) }
  return undefined
}

/** For whoever holds a message that no log has brought: what it would have been. */
export function eventOfMessage(context: DmContext, convoId: string, view: MessageView): MessageEvent {
  const message = new Message(context, convoId, view)
  return { type: 'message', rev: view.rev, convoId, raw: view, message, own: message.fromMe }
}
