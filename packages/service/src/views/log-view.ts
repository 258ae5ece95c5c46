import type { ChatBskyConvoGetLog } from '@atcute/bluesky'
import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { logPageBytesMax, logPageRowsMax } from '../limits.ts'
import type { LogEntry, ViewedMessage } from '../store/store.ts'
import { formatTid, type Tid } from '../tid.ts'
import { hydrate, peopleOf, type Surroundings } from './hydrate.ts'
import { deletedMessageView, messageOrDeletedView, reactionView } from './message-view.ts'

type LogView = ChatBskyConvoGetLog.$output['logs'][number]

/** Views of the rows after a rev. What they point at shows as it is now (behaviour.md 3.3). */
export async function logPage(ctx: Context, viewer: Did, after: Tid): Promise<LogView[]> {
  const entries = cutToSize(await ctx.store.log(viewer, { after, limit: logPageRowsMax }))
  if (entries.length === 0) return []
  const messages = entries.flatMap(({ message }) => message ?? [])
  const reactors = entries.flatMap(({ row }) => row.reaction?.sender ?? [])
  const around = await hydrate(ctx, viewer, { messages, dids: reactors })
  return entries.map(entry => logView(entry, around))
}

/** A page of long messages is a short one: the rest comes with the next. */
function cutToSize(entries: LogEntry[]): LogEntry[] {
  let bytes = 0
  const end = entries.findIndex(({ message }) => {
    if (message)
      bytes += Buffer.byteLength(JSON.stringify([message.message.body, message.replyTo?.message.body]))
    return bytes > logPageBytesMax
  })
  return end === -1 ? entries : entries.slice(0, end + 1)
}

function logView({ row, message }: LogEntry, around: Surroundings): LogView {
  const base = { rev: formatTid(row.rev), convoId: formatTid(row.convoId) }
  switch (row.type) {
    case 'acceptConvo':
      return { $type: 'chat.bsky.convo.defs#logAcceptConvo', ...base }
    case 'beginConvo':
      return { $type: 'chat.bsky.convo.defs#logBeginConvo', ...base }
    case 'leaveConvo':
      return { $type: 'chat.bsky.convo.defs#logLeaveConvo', ...base }
    case 'muteConvo':
      return { $type: 'chat.bsky.convo.defs#logMuteConvo', ...base }
    case 'unmuteConvo':
      return { $type: 'chat.bsky.convo.defs#logUnmuteConvo', ...base }
    case 'createMessage':
      return { $type: 'chat.bsky.convo.defs#logCreateMessage', ...base, ...withMessage(message!, around) }
    case 'deleteMessage':
      return {
        $type: 'chat.bsky.convo.defs#logDeleteMessage',
        ...base,
        message: deletedMessageView(message!.message),
      }
    case 'readMessage':
      return {
        $type: 'chat.bsky.convo.defs#logReadMessage',
        ...base,
        message: messageOrDeletedView(message!, around),
      }
    case 'readConvo':
      return {
        $type: 'chat.bsky.convo.defs#logReadConvo',
        ...base,
        message: messageOrDeletedView(message!, around),
      }
    case 'addReaction':
    case 'removeReaction': {
      const $type =
        `chat.bsky.convo.defs#log${row.type === 'addReaction' ? 'AddReaction' : 'RemoveReaction'}` as const
      const reaction = row.reaction!
      return {
        $type,
        ...base,
        ...withMessage(message!, around, reaction.sender),
        reaction: reactionView(reaction),
      }
    }
  }
}

/** Profiles are optional in the lexicon, but strict clients expect the list (behaviour.md 1.8). */
function withMessage(message: ViewedMessage, around: Surroundings, ...others: Did[]) {
  const dids = new Set([...peopleOf([message]), ...others])
  return {
    message: messageOrDeletedView(message, around),
    relatedProfiles: [...dids].map(did => around.view(did)),
  }
}
