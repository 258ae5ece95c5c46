import type { ChatBskyConvoGetLog } from '@atcute/bluesky'
import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { logPageBytesMax, logPageRowsMax } from '../limits.ts'
import { isSystem, type SystemMessage, type UserMessage } from '../store/rows.ts'
import type { LogEntry } from '../store/store.ts'
import type { SeenMessage, ViewedMessage } from '../store/viewed.ts'
import { formatTid, type Tid } from '../tid.ts'
import { hydrate, peopleOf, type Surroundings } from './hydrate.ts'
import { deletedMessageView, messageView, reactionView, userMessageView } from './message-view.ts'
import { systemMessageView } from './system-message-view.ts'

type LogView = ChatBskyConvoGetLog.$output['logs'][number]
type Written = ViewedMessage & SeenMessage<UserMessage>

export interface LogPage {
  logs: LogView[]
  /** Whether there was no room for more. */
  isFull: boolean
}

/** Views of the rows after a rev. What they point at shows as it is now (behaviour.md 3.3). */
export async function logPage(ctx: Context, viewer: Did, after: Tid): Promise<LogPage> {
  const found = await ctx.store.log(viewer, { after, limit: logPageRowsMax })
  if (found.length === 0) return { logs: [], isFull: false }
  const entries = cutToSize(found)
  const around = await surroundingsOf(ctx, viewer, entries)
  const isFull = found.length === logPageRowsMax || entries.length < found.length
  return { logs: entries.map(entry => logView(entry, around)), isFull }
}

/** Rows about messages are there only where the viewer is a member of their convo. */
async function surroundingsOf(ctx: Context, viewer: Did, entries: readonly LogEntry[]) {
  const withMessages = Map.groupBy(
    entries.filter(({ message }) => message),
    ({ row }) => row.convoId,
  )
  const memberships = await ctx.store.memberships(viewer, [...withMessages.keys()])
  const convos = [...memberships.values()].map(membership => {
    const about = withMessages.get(membership.convo.id)!
    const messages = about.flatMap(({ message }) => message ?? [])
    return { membership, messages, dids: about.flatMap(({ row }) => row.reaction?.sender ?? []) }
  })
  const prospective = entries.flatMap(({ row }) => row.member ?? [])
  return hydrate(ctx, viewer, convos, prospective)
}

/** A page of long messages is a short one: the rest comes with the next. */
function cutToSize(entries: LogEntry[]): LogEntry[] {
  let bytes = 0
  const end = entries.findIndex(({ message }) => {
    if (message) bytes += bytesOf(message.message) + bytesOf(message.replyTo?.message)
    return bytes > logPageBytesMax
  })
  return end === -1 ? entries : entries.slice(0, end + 1)
}

function bytesOf(message: ViewedMessage['message'] | undefined): number {
  if (!message || isSystem(message) || !message.body) return 0
  return Buffer.byteLength(JSON.stringify(message.body))
}

function logView({ row, message }: LogEntry, around: Surroundings): LogView {
  const base = { rev: formatTid(row.rev), convoId: formatTid(row.convoId) }
  switch (row.type) {
    case 'acceptConvo':
    case 'beginConvo':
    case 'leaveConvo':
    case 'muteConvo':
    case 'outgoingJoinRequest':
    case 'readJoinRequests':
    case 'unmuteConvo':
    case 'withdrawOutgoingJoinRequest':
      return { $type: logName(row.type), ...base }
    case 'createMessage':
      return { $type: logName(row.type), ...base, ...withProfiles(message as Written, around) }
    case 'deleteMessage': {
      const { message: deleted } = message as Written
      return { $type: logName(row.type), ...base, message: deletedMessageView(deleted) }
    }
    case 'readMessage':
    case 'readConvo':
      return { $type: logName(row.type), ...base, message: messageView(message!, around) }
    case 'addReaction':
    case 'removeReaction': {
      const reaction = row.reaction!
      const shown = withProfiles(message as Written, around, reaction.sender)
      return { $type: logName(row.type), ...base, ...shown, reaction: reactionView(reaction) }
    }
    case 'incomingJoinRequest':
    case 'approveJoinRequest':
    case 'rejectJoinRequest':
    case 'withdrawIncomingJoinRequest':
      return { $type: logName(row.type), ...base, member: around.view(row.member!) }
    // Of links and names the lexicon takes no profiles.
    case 'createJoinLink':
    case 'disableJoinLink':
    case 'editGroup':
    case 'editJoinLink':
    case 'enableJoinLink':
      return { $type: logName(row.type), ...base, message: systemMessageView(happened(message!)) }
    default: {
      const event = happened(message!)
      const relatedProfiles = peopleOf([message!]).map(did => around.memberView(row.convoId, did))
      return { $type: logName(row.type), ...base, message: systemMessageView(event), relatedProfiles }
    }
  }
}

function happened({ message }: ViewedMessage): SystemMessage {
  if (!isSystem(message)) throw new Error('a row of what happened points at what somebody wrote')
  return message
}

/** Profiles are optional in the lexicon, but strict clients expect the list (behaviour.md 1.8). */
function withProfiles(viewed: Written, around: Surroundings, ...others: Did[]) {
  const dids = new Set([...peopleOf([viewed]), ...others])
  return {
    message: userMessageView(viewed, around),
    relatedProfiles: [...dids].map(did => around.memberView(viewed.message.convoId, did)),
  }
}

function logName<T extends string>(type: T): `chat.bsky.convo.defs#log${Capitalize<T>}` {
  return `chat.bsky.convo.defs#log${type[0]!.toUpperCase()}${type.slice(1)}` as `chat.bsky.convo.defs#log${Capitalize<T>}`
}
