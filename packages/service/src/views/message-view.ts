import type { ChatBskyConvoDefs } from '@atcute/bluesky'
import type { Did, ResourceUri } from '@atcute/lexicons/syntax'
import type { RecordView } from '../embeds/records.ts'
import { isSystem, type MessageBody, type Reaction, type UserMessage } from '../store/rows.ts'
import type { SeenMessage, ViewedMessage } from '../store/viewed.ts'
import { formatTid, type Tid, tidTime } from '../tid.ts'
import { invalidPreview, type JoinLinkPreview } from './join-link-view.ts'
import { type SystemMessageView, systemMessageView } from './system-message-view.ts'

export type MessageView = ChatBskyConvoDefs.MessageView & { $type: 'chat.bsky.convo.defs#messageView' }
type DeletedMessageView = ChatBskyConvoDefs.DeletedMessageView & {
  $type: 'chat.bsky.convo.defs#deletedMessageView'
}

const erased: MessageBody = { text: '' }

/** What views of messages need from outside the store. */
export interface MessageSurroundings {
  records: ReadonlyMap<ResourceUri, RecordView>
  /** By code. */
  previews: ReadonlyMap<string, JoinLinkPreview>
  isGroup(convoId: Tid): boolean
  /** Accounts that are gone; their messages show as deleted (behaviour.md 3.7). */
  isMissing(did: Did): boolean
}

/** A message as its viewer may see it: whole, deleted, or of the system. */
export function messageView(
  viewed: ViewedMessage,
  around: MessageSurroundings,
): MessageView | DeletedMessageView | SystemMessageView {
  return isSystem(viewed.message)
    ? systemMessageView(viewed.message)
    : userMessageView({ ...viewed, message: viewed.message }, around)
}

/** One that somebody wrote. */
export function userMessageView(
  viewed: ViewedMessage & SeenMessage<UserMessage>,
  around: MessageSurroundings,
): MessageView | DeletedMessageView {
  if (viewed.hidden || around.isMissing(viewed.message.sender)) return deletedMessageView(viewed.message)
  if (!viewed.message.body) return deletedMessageView(viewed.message)
  return wholeMessageView(viewed, around)
}

/** What was written, whatever has become of it since: of an erased one the empty text. */
export function wholeMessageView(
  viewed: ViewedMessage & SeenMessage<UserMessage>,
  around: MessageSurroundings,
): MessageView {
  const view = plainView(viewed, around)
  return viewed.replyTo ? { ...view, replyTo: replyView(viewed.replyTo, around) } : view
}

export function deletedMessageView({ id, rev, sender }: UserMessage): DeletedMessageView {
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

/** These and what they reply to, as far as it is the viewer's to know: even who wrote the rest is not. */
export function withReplies(messages: readonly ViewedMessage[]): SeenMessage[] {
  return messages.flatMap(message =>
    message.replyTo && !message.replyTo.outOfSight ? [message, message.replyTo] : [message],
  )
}

/** What these messages embed, one level of replies included. */
export function embedsOf(messages: readonly ViewedMessage[]): { uris: ResourceUri[]; codes: string[] } {
  const embeds = withReplies(messages).flatMap(({ message }) =>
    isSystem(message) ? [] : (message.body?.embed ?? []),
  )
  return {
    uris: embeds.flatMap(embed => (embed.$type === 'app.bsky.embed.record' ? embed.record.uri : [])),
    codes: embeds.flatMap(embed => (embed.$type === 'chat.bsky.embed.joinLink' ? embed.code : [])),
  }
}

/** Without what it replies to. */
function plainView(
  { message, reactions }: SeenMessage<UserMessage>,
  around: MessageSurroundings,
): MessageView {
  const { id, rev, sender, body = erased } = message
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
function replyView(
  target: NonNullable<ViewedMessage['replyTo']>,
  around: MessageSurroundings,
): NonNullable<MessageView['replyTo']> {
  const { message, outOfSight, hidden } = target
  if (outOfSight && around.isGroup(message.convoId)) {
    return { $type: 'chat.bsky.convo.defs#messageBeforeUserJoinedGroupView' }
  }
  // Its rev would tell of reactions that are not the reader's to know.
  if (outOfSight) return deletedMessageView({ ...message, rev: message.id })
  const isDeleted = hidden || !message.body || around.isMissing(message.sender)
  return isDeleted ? deletedMessageView(message) : plainView(target, around)
}

function embedView(embed: MessageBody['embed'], around: MessageSurroundings): MessageView['embed'] {
  if (embed?.$type === 'app.bsky.embed.record') {
    const { uri } = embed.record
    const record = around.records.get(uri) ?? notFound(uri)
    return { $type: 'app.bsky.embed.record#view', record }
  }
  if (embed?.$type === 'chat.bsky.embed.joinLink') {
    const { code } = embed
    const joinLinkPreview = around.previews.get(code) ?? invalidPreview(code)
    return { $type: 'chat.bsky.embed.joinLink#view', joinLinkPreview }
  }
  return undefined
}

function notFound(uri: ResourceUri): RecordView {
  return { $type: 'app.bsky.embed.record#viewNotFound', uri, notFound: true }
}
