import type { AppBskyActorDefs } from '@atcute/bluesky'
import { type Person, type Relationship, viewerState } from '@parley/service'

/** What the AppView's profile views, basic and detailed, have in common. */
export interface ProfileView extends Omit<Person, 'allowIncoming' | 'allowGroupInvites'> {
  viewer?: AppBskyActorDefs.ViewerState
}

/** `person` as the AppView shows them to an account that has `relationship` to them. */
export function profileView(person: Person, relationship?: Relationship): ProfileView {
  const { allowIncoming: _incoming, allowGroupInvites: _invites, ...view } = person
  return relationship ? { ...view, viewer: viewerState(relationship) } : view
}
