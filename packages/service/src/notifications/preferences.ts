import type { ChatBskyNotificationDefs } from '@atcute/bluesky'
import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import type { Account } from '../store/rows.ts'

type Preferences = ChatBskyNotificationDefs.Preferences
type ChatPreference = ChatBskyNotificationDefs.ChatPreference

/** What is to be set; the rest stays. */
export interface Given {
  chat?: ChatPreference | undefined
  chatRequest?: ChatPreference | undefined
}

/** What accounts that have set nothing have (behaviour.md 7 (5)): requests of strangers make no noise. */
const defaults: Preferences = {
  chat: { include: 'all', push: true },
  chatRequest: { include: 'follows', push: true },
}

/** `chat.bsky.notification.getPreferences`. */
export function preferencesOf({ notifications }: Account): Preferences {
  return { ...defaults, ...notifications }
}

/** Sets what is given and leaves the rest: `chat.bsky.notification.putPreferences`. */
export function putPreferences(ctx: Context, caller: Did, given: Given): Promise<Preferences> {
  const { chat, chatRequest } = given
  return ctx.store.transact({ accounts: [caller] }, tx => {
    const account = tx.account(caller)
    const set = {
      ...account.notifications,
      ...(chat && { chat: only(chat) }),
      ...(chatRequest && { chatRequest: only(chatRequest) }),
    }
    const changed = { ...account, notifications: set }
    tx.putAccount(changed)
    return preferencesOf(changed)
  })
}

/** Fields that no lexicon knows are not kept. */
function only({ include, push }: ChatPreference): ChatPreference {
  return { include, push }
}
