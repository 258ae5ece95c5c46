import type { Did } from '@atcute/lexicons/syntax'
import { isSystem } from '../../src/store/rows.ts'
import type { Membership } from '../../src/store/store.ts'
import type { Tid } from '../../src/tid.ts'
import { names, type World } from './world.ts'

/** What must hold of a whole store whatever was called: nothing, if all is well. */
export async function brokenInvariants(world: World): Promise<string[]> {
  const unordered = world.unorderedRevs().map(rev => `rev ${rev} is not above the one before it in its log`)
  return [...unordered, ...(await wrongUnreadCounts(world, world.convoIds()))]
}

/** A member's unread are the visible messages of others after the read marker, in each of these convos. */
export async function wrongUnreadCounts(world: World, convoIds: readonly Tid[]): Promise<string[]> {
  const wrong: string[] = []
  for (const name of names) {
    const { did } = world.actors[name]
    for (const [convoId, membership] of await world.store.memberships(did, convoIds)) {
      const counted = await countUnread(world, did, membership)
      const { unread } = membership.viewer
      if (unread !== counted) wrong.push(`${name} has ${unread} unread in ${convoId}, counted are ${counted}`)
    }
  }
  return wrong
}

async function countUnread(world: World, did: Did, membership: Membership): Promise<number> {
  const visible = await world.store.messages(membership, { limit: 1_000_000 })
  const { readUpTo } = membership.viewer
  return visible.filter(
    ({ message }) => !isSystem(message) && message.sender !== did && message.id > readUpTo,
  ).length
}
