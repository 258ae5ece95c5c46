import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { ownersOf } from '../policy/visible-to.ts'
import { isSystem } from '../store/rows.ts'
import type { Membership } from '../store/store.ts'
import type { ViewedMessage } from '../store/viewed.ts'
import { joinLinkPreviews } from './join-link-previews.ts'
import { embedsOf, type MessageSurroundings, withReplies } from './message-view.ts'
import { loadProfiles, type Profiles, type Viewer } from './profiles.ts'
import { peopleInEvent } from './system-message-view.ts'

/** All that an answer's views need from outside the store, fetched together. */
export type Surroundings = MessageSurroundings & Profiles

/** What is shown of one convo. */
export interface ConvoNeeds {
  membership: Membership
  messages: readonly ViewedMessage[]
  /** Whom it shows beside authors, reactors and those named by system messages. */
  dids?: readonly Did[]
}

/** `dids` are people outside of any convo. */
export async function hydrate(
  ctx: Context,
  viewer: Viewer,
  convos: readonly ConvoNeeds[],
  dids: readonly Did[] = [],
): Promise<Surroundings> {
  const messages = convos.flatMap(convo => convo.messages)
  const { uris, codes } = embedsOf(messages)
  const owners = ownersOf(convos.map(({ membership }) => membership))
  const [profiles, records, previews] = await Promise.all([
    loadProfiles(ctx, viewer, {
      convos: convos.map(({ membership, messages, dids = [] }) => ({
        membership,
        dids: [...new Set([...dids, ...peopleOf(messages)])],
      })),
      dids: [...dids, ...owners],
    }),
    uris.length > 0 ? ctx.records.views(uris, viewer) : new Map(),
    joinLinkPreviews(ctx, viewer, codes),
  ])
  const groups = new Set(
    convos.flatMap(({ membership: { convo } }) => (convo.kind === 'group' ? convo.id : [])),
  )
  return { ...profiles, records, previews, isGroup: convoId => groups.has(convoId) }
}

/** Authors, reactors and whom system messages name, of the messages and of those that they reply to. */
export function peopleOf(messages: readonly ViewedMessage[]): Did[] {
  const dids = withReplies(messages).flatMap(({ message, reactions }) =>
    isSystem(message)
      ? peopleInEvent(message.event)
      : [message.sender, ...reactions.map(({ sender }) => sender)],
  )
  return [...new Set(dids)]
}
