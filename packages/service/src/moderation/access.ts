import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'

/** Disables an account's chat, or enables it again: `chat.bsky.moderation.updateActorAccess`. */
export function updateActorAccess(
  ctx: Context,
  { actor, allowAccess }: { actor: Did; allowAccess: boolean },
): Promise<void> {
  return ctx.store.transact({ accounts: [actor] }, tx => {
    const account = tx.account(actor)
    if (account.chatDisabled === allowAccess) tx.putAccount({ ...account, chatDisabled: !allowAccess })
  })
}
