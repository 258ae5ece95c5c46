import { after } from 'node:test'
import type { Inside, Inspected } from './inspected.ts'

/**
 * Stores that are emptied by whoever closes them, and used again with the accounts and the connections that they know:
 * for worlds that are many and small. Revs go on where the last world ended.
 */
export function reused(openNew: () => Inside | Promise<Inside>): () => Promise<Inspected> {
  const idle: Inside[] = []
  after(() => Promise.all(idle.map(({ close }) => close())))
  return async () => {
    const inside = idle.pop() ?? (await openNew())
    inside.engine.close = async () => {
      await inside.empty()
      idle.push(inside)
    }
    return inside.inspected
  }
}

/** What refers to something goes before it. Accounts stay, as if they were new: engines remember their numbers. */
export const emptying = `
  delete from reaction; delete from hidden_message; delete from sent_key; delete from log; delete from mod_event;
  delete from join_request; delete from kicked_member; delete from member; delete from direct_convo;
  delete from group_convo; delete from message; delete from convo;
  update account set chat_disabled = 0, notifications = null where chat_disabled = 1 or notifications is not null;`
