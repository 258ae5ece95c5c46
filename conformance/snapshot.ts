import { ok } from '@atcute/client'
import type { LoggedIn } from './account.ts'

/** All that the service keeps for these accounts, as they see it: to tell whether something was stored. */
export async function snapshot(accounts: readonly LoggedIn[]): Promise<unknown> {
  return Promise.all(accounts.map(inboxOf))
}

async function inboxOf({ did, chat }: LoggedIn): Promise<unknown> {
  const { convos } = await ok(chat.get('chat.bsky.convo.listConvos', { params: { limit: 100 } }))
  const messages = await Promise.all(
    convos.map(({ id: convoId }) =>
      ok(chat.get('chat.bsky.convo.getMessages', { params: { convoId, limit: 100 } })),
    ),
  )
  const { logs, cursor } = await ok(
    chat.get('chat.bsky.convo.getLog', { params: { cursor: '2222222222222' } }),
  )
  const now = await ok(chat.get('chat.bsky.convo.getLog', { params: {} }))
  return { did, convos, messages, logs, cursor, head: now.cursor }
}
