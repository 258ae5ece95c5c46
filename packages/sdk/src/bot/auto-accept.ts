import type { Client } from '../client.ts'
import type { Conversation } from '../dm/conversation.ts'
import type { ChatEvent } from '../dm/events/chat-event.ts'
import { ChatError } from '../errors.ts'

/** Whose conversations a bot accepts as soon as they begin: everybody's, those of accounts it follows, or nobody's. */
export type AutoAccept = 'all' | 'following' | 'none'

/** Does nothing of what has ended since: whoever was brought in may be out again. */
export async function autoAccept(client: Client, event: ChatEvent, whose: AutoAccept): Promise<void> {
  if (whose === 'none' || event.type !== 'convo:begun') return
  try {
    const convo = await client.dm.get(event.convoId)
    if (convo.status !== 'accepted' && (whose === 'all' || isBegunByFollowed(convo, client.me?.did)))
      await convo.accept()
  } catch (error) {
    if (!(error instanceof ChatError && error.is('convo/not-found'))) throw error
  }
}

/** Into a group one is brought by somebody; a direct conversation is the other one's doing. */
function isBegunByFollowed({ raw: { members } }: Conversation, me: string | undefined): boolean {
  const own = members.find(({ did }) => did === me)?.kind
  const by = own && 'addedBy' in own ? own.addedBy : members.find(({ did }) => did !== me)
  return by?.viewer?.following !== undefined
}
