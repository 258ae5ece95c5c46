import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { reportGroupEvent } from '../moderation/mod-events.ts'
import { convoLocked, lockOf, requireOwner } from '../policy/may-group.ts'
import type { Tid } from '../tid.ts'
import { announce } from './announce.ts'
import { ownerState } from './owner-state.ts'

/** No more messages and reactions: `chat.bsky.convo.lockConvo`. @throws ConvoLocked, InsufficientRole, InvalidConvo */
export function lockConvo(ctx: Context, caller: Did, convoId: Tid): Promise<void> {
  return ctx.store.transact({ convos: [convoId] }, tx => {
    const { group } = requireOwner(tx, caller, convoId)
    if (group.lock !== 'unlocked') throw convoLocked()
    const locked = { ...group, lock: 'locked' } as const
    tx.putGroup(locked)
    const rev = announce(tx, locked, { type: 'lockConvo', lockedBy: caller })
    const details = { updateType: 'locked', lockReason: 'owner_action' }
    reportGroupEvent(tx, 'eventGroupChatUpdated', { group: locked, actor: caller, rev }, details)
  })
}

/**
 * Opens a locked group again: `chat.bsky.convo.unlockConvo`. One that is not locked stays as it is.
 * @throws ConvoLockedByModeration, InsufficientRole, InvalidConvo
 */
export function unlockConvo(ctx: Context, caller: Did, convoId: Tid): Promise<void> {
  return ctx.store.transact({ accounts: [caller], convos: [convoId] }, tx => {
    const { group } = requireOwner(tx, caller, convoId)
    if (lockOf(group, ownerState(tx, group)).moderationOverride) {
      throw new AppError('ConvoLockedByModeration', 'moderation keeps the group locked')
    }
    if (group.lock === 'unlocked') return
    const unlocked = { ...group, lock: 'unlocked' } as const
    tx.putGroup(unlocked)
    const rev = announce(tx, unlocked, { type: 'unlockConvo', unlockedBy: caller })
    const facts = { group: unlocked, actor: caller, rev }
    reportGroupEvent(tx, 'eventGroupChatUpdated', facts, { updateType: 'unlocked' })
  })
}
