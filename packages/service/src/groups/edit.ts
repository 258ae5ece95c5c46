import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { reportGroupEvent } from '../moderation/mod-events.ts'
import { assertUnlocked, requireOwner } from '../policy/may-group.ts'
import type { Tid } from '../tid.ts'
import { announce } from './announce.ts'
import { readGroupName } from './create.ts'
import { ownerState } from './owner-state.ts'

/** Names a group anew: `chat.bsky.group.editGroup`. @throws ConvoLocked, InsufficientRole, InvalidConvo, InvalidRequest */
export function editGroup(
  ctx: Context,
  caller: Did,
  { convoId, name }: { convoId: Tid; name: string },
): Promise<void> {
  const newName = readGroupName(name)
  return ctx.store.transact({ accounts: [caller], convos: [convoId] }, tx => {
    const { group } = requireOwner(tx, caller, convoId)
    assertUnlocked(group, ownerState(tx, group))
    const oldName = group.name
    if (oldName === newName) return
    const renamed = { ...group, name: newName }
    tx.putGroup(renamed)
    const rev = announce(tx, renamed, { type: 'editGroup', oldName, newName })
    const facts = { group: renamed, actor: caller, rev }
    reportGroupEvent(tx, 'eventGroupChatUpdated', facts, { updateType: 'name_changed', oldName, newName })
  })
}
