import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import type { ViewedMessage } from '../store/store.ts'
import { embeddedRecords, type MessageSurroundings } from './message-view.ts'
import { loadProfiles, type Profiles } from './profiles.ts'

/** All that an answer's views need from outside the store, fetched together. */
export type Surroundings = MessageSurroundings & Profiles

export async function hydrate(
  ctx: Context,
  viewer: Did,
  needs: { messages: readonly ViewedMessage[]; dids: readonly Did[] },
): Promise<Surroundings> {
  const dids = new Set([...needs.dids, ...peopleOf(needs.messages)])
  const uris = embeddedRecords(needs.messages)
  const [profiles, records] = await Promise.all([
    loadProfiles(ctx, viewer, dids),
    uris.length > 0 ? ctx.records.views(uris, viewer) : new Map(),
  ])
  return { ...profiles, records }
}

/** Authors and reactors, of the messages and of those that they reply to. */
export function peopleOf(messages: readonly ViewedMessage[]): Did[] {
  const seen = messages.flatMap(message => (message.replyTo ? [message, message.replyTo] : [message]))
  return [
    ...new Set(seen.flatMap(({ message, reactions }) => [message.sender, ...reactions.map(r => r.sender)])),
  ]
}
