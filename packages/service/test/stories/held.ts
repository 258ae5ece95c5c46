import type { ChatBskyConvoDefs, ChatBskyConvoGetLog } from '@atcute/bluesky'
import type { Did } from '@atcute/lexicons/syntax'

/** What a client holds of one convo. */
export interface HeldConvo {
  viewer: Did
  view: HeldView
  /** All that is in sight, newest first. */
  history: readonly ShownMessage[]
  /** In the order of joining. */
  members: readonly HeldMember[]
  /** Who asks to join, newest first; for a group's owner. */
  waiting: readonly Did[]
  /** Of a direct convo: a block either way, or the other one is gone. */
  isUnreachable: boolean
}

export interface HeldMember {
  did: Did
  role?: string
  addedBy?: Did
}

export type Row = ChatBskyConvoGetLog.$output['logs'][number]
/** The newest reaction follows from the history; of those within one millisecond nobody can say. */
export type HeldView = Omit<ConvoView, 'members' | 'lastReaction'>
export type ConvoView = ChatBskyConvoDefs.ConvoView
export type MessageView = ChatBskyConvoDefs.MessageView
export type SystemMessageView = ChatBskyConvoDefs.SystemMessageView
export type DeletedMessageView = ChatBskyConvoDefs.DeletedMessageView
export type ShownMessage = MessageView | SystemMessageView
export type GroupView = ChatBskyConvoDefs.GroupConvo

export function isGroup({ kind }: Pick<ConvoView, 'kind'>): boolean {
  return kind?.$type === 'chat.bsky.convo.defs#groupConvo'
}

/** Links in messages show their group as it is now; no log tells of it. */
export function plain<M>(message: M): M {
  return JSON.parse(
    JSON.stringify(message, (key, value) => (key === 'joinLinkPreview' ? { code: value.code } : value)),
  )
}
