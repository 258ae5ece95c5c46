/** What the service answers with, under the lexicon's names. Everything of layer 2 keeps its view as `raw`. */

export type { ProfileViewBasic } from '@atcute/bluesky/types/chat/actor/defs'
export type {
  ConvoView,
  DeletedMessageView,
  GroupConvo,
  MessageInput,
  MessageView,
  ReactionView,
  SystemMessageView,
} from '@atcute/bluesky/types/chat/convo/defs'

/** A `$type` that this library may not know. */
export interface TypedView {
  $type?: string | undefined
}

/** Of `chat.bsky.convo.defs`: whether `view` is one of those, by the part of its `$type` behind the `#`. */
export function isOfDefs(view: TypedView | undefined, name: string): boolean {
  return view?.$type === `chat.bsky.convo.defs#${name}`
}
