import type { Did } from '@atcute/lexicons/syntax'
import type { Membership } from '../../src/store/store.ts'
import { names, type World } from './world.ts'

/** What must hold of a whole store whatever was called: nothing, if all is well. */
export async function brokenInvariants(world: World): Promise<string[]> {
  const broken = world.unorderedRevs().map(rev => `rev ${rev} is not above the one before it in its log`)
  for (const name of names) {
    const { did } = world.actors[name]
    for (const membership of await world.membershipsOf(did)) {
      const counted = await countUnread(world, did, membership)
      const { unread, convoId } = membership.viewer
      if (unread !== counted)
        broken.push(`${name} has ${unread} unread in ${convoId}, counted are ${counted}`)
    }
  }
  return broken
}

async function countUnread(world: World, did: Did, membership: Membership): Promise<number> {
  const visible = await world.store.messages(membership, { limit: 1_000_000 })
  const { readUpTo } = membership.viewer
  return visible.filter(({ message }) => message.sender !== did && message.id > readUpTo).length
}
