import type { AppBskyActorDefs } from '@atcute/bluesky'
import { isBlockedBy, isBlocking, type Relationship } from './people.ts'

/**
 * `viewer` of a profile, as the AppView fills it in: a block by list counts as a block, and no follow shows across
 * one. `blockingByList`, a view of the list, is left out: we know no more of it than its URI.
 */
export function viewerState(relationship: Relationship): AppBskyActorDefs.ViewerState {
  const { following, followedBy, blocking, blockingByList } = relationship
  const block = blocking ?? blockingByList
  const isBlocked = isBlocking(relationship) || isBlockedBy(relationship)
  return {
    muted: false,
    blockedBy: isBlockedBy(relationship),
    ...(block && { blocking: block }),
    ...(following && !isBlocked && { following }),
    ...(followedBy && !isBlocked && { followedBy }),
  }
}
