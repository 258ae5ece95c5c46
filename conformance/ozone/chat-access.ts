import { Agent } from '@atproto/api'
import type { Ozone } from './ozone.ts'

/** What Ozone's interface puts on an account for "Disable DMs" and takes away for "Enable DMs". */
export const chatDisabled = 'chat-disabled'

/**
 * Ozone keeps "Disable DMs" as a tag on the account and tells nobody: its operator has to. This is all that it takes:
 * the next of what moderators did after `cursor` is told to the chat service, oldest first, with a token of Ozone's own.
 * Returns the cursor to go on from. Where it throws, the same is told again, which does no harm.
 */
export async function carryOutChatTags(ozone: Ozone, cursor?: string): Promise<string | undefined> {
  const query = {
    types: ['tools.ozone.moderation.defs#modEventTag'],
    subjectType: 'account',
    sortDirection: 'asc' as const,
    ...(cursor !== undefined && { cursor }),
  }
  const { data } = await ozone.asOperator.tools.ozone.moderation.queryEvents(query)
  for (const { id, event, subject } of data.events) {
    const { add = [], remove = [] } = event as { add?: string[]; remove?: string[] }
    const { did } = subject as { did: string }
    if (add.includes(chatDisabled)) await setAccess(ozone, { actor: did, allowAccess: false, ref: `${id}` })
    if (remove.includes(chatDisabled)) await setAccess(ozone, { actor: did, allowAccess: true, ref: `${id}` })
  }
  return data.cursor ?? cursor
}

async function setAccess(
  ozone: Ozone,
  change: { actor: string; allowAccess: boolean; ref: string },
): Promise<void> {
  const { headers } = await ozone.service.ctx.chatAuth('chat.bsky.moderation.updateActorAccess')
  const options = { headers, encoding: 'application/json' } as const
  await new Agent(ozone.chatUrl).chat.bsky.moderation.updateActorAccess(change, options)
}
