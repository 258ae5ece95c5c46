import type { ChatBskyConvoDefs } from '@atcute/bluesky'
import type { Did, ResourceUri } from '@atcute/lexicons/syntax'
import type { RecordView } from '../embeds/records.ts'
import type { Message, MessageBody, Reaction } from '../store/rows.ts'
import type { SeenMessage, ViewedMessage } from '../store/store.ts'
import { formatTid, tidTime } from '../tid.ts'

type MessageView = ChatBskyConvoDefs.MessageView & { $type: 'chat.bsky.convo.defs#messageView' }
type DeletedMessageView = ChatBskyConvoDefs.DeletedMessageView & {
  $type: 'chat.bsky.convo.defs#deletedMessageView'
}

/** What views of messages need from outside the store. */
export interface MessageSurroundings {
  records: ReadonlyMap<ResourceUri, RecordView>
  /** Accounts that are gone; their messages show as deleted (behaviour.md 3.7). */
  isMissing(did: Did): boolean
}

/** A message as its viewer may see it: whole, or deleted. */
export function messageOrDeletedView(
  viewed: ViewedMessage,
  around: MessageSurroundings,
): MessageView | DeletedMessageView {
  if (viewed.hidden || around.isMissing(viewed.message.sender)) return deletedMessageView(viewed.message)
  return messageView(viewed, around)
}

export function messageView(viewed: ViewedMessage, around: MessageSurroundings): MessageView {
  return {
    ...plainView(viewed, around),
    ...(viewed.replyTo && { replyTo: replyView(viewed.replyTo, around) }),
  }
}

export function deletedMessageView({ id, rev, sender }: Message): DeletedMessageView {
  return {
    $type: 'chat.bsky.convo.defs#deletedMessageView',
    id: formatTid(id),
    rev: formatTid(rev),
    sender: { did: sender },
    sentAt: tidTime(id) as MessageView['sentAt'],
  }
}

export function reactionView({ sender, value, rev }: Pick<Reaction, 'sender' | 'value' | 'rev'>) {
  return { value, sender: { did: sender }, createdAt: tidTime(rev) as MessageView['sentAt'] }
}

/** The records that these messages embed, one level of replies included. */
export function embeddedRecords(messages: readonly ViewedMessage[]): ResourceUri[] {
  const bodies = messages.flatMap(({ message, replyTo }) =>
    replyTo ? [message.body, replyTo.message.body] : [message.body],
  )
  return bodies.flatMap(({ embed }) => (embed?.$type === 'app.bsky.embed.record' ? embed.record.uri : []))
}

function plainView({ message, reactions }: SeenMessage, around: MessageSurroundings): MessageView {
  const { id, rev, sender, body } = message
  const embed = embedView(body.embed, around)
  return {
    $type: 'chat.bsky.convo.defs#messageView',
    id: formatTid(id),
    rev: formatTid(rev),
    text: body.text,
    ...(body.facets && { facets: body.facets }),
    ...(embed && { embed }),
    reactions: reactions.map(reactionView),
    sender: { did: sender },
    sentAt: tidTime(id) as MessageView['sentAt'],
  }
}

/** One level: the message replied to shows without its own reply. */
function replyView(target: NonNullable<ViewedMessage['replyTo']>, around: MessageSurroundings) {
  // Its rev would tell of reactions that are not the reader's to know.
  if (target.outOfSight) return deletedMessageView({ ...target.message, rev: target.message.id })
  if (target.hidden || around.isMissing(target.message.sender)) return deletedMessageView(target.message)
  return plainView(target, around)
}

function embedView(embed: MessageBody['embed'], around: MessageSurroundings): MessageView['embed'] {
  if (embed?.$type === 'app.bsky.embed.record') {
    const { uri } = embed.record
    const record = around.records.get(uri) ?? notFound(uri)
    return { $type: 'app.bsky.embed.record#view', record }
  }
  if (embed?.$type === 'chat.bsky.embed.joinLink') {
    // There are no groups yet, so no code leads anywhere.
    const joinLinkPreview = {
      $type: 'chat.bsky.group.defs#invalidJoinLinkPreviewView' as const,
      code: embed.code,
    }
    return { $type: 'chat.bsky.embed.joinLink#view', joinLinkPreview }
  }
  return undefined
}

function notFound(uri: ResourceUri): RecordView {
  return { $type: 'app.bsky.embed.record#viewNotFound', uri, notFound: true }
}
