import type { Client } from '../client.ts'
import type { ChatEvent } from '../events/chat-event.ts'

/** Whose conversations a bot accepts as soon as they begin: everybody's, those of accounts it follows, or nobody's. */
export type AutoAccept = 'all' | 'following' | 'none'

export async function autoAccept(client: Client, event: ChatEvent, whose: AutoAccept): Promise<void> {
  if (whose === 'none' || event.type !== 'convo:begun') return
  const convo = await client.dm.get(event.convoId)
  if (convo.status === 'accepted') return
  if (whose === 'all') return void (await convo.accept())
  const { members } = convo.raw
  const own = members.find(({ did }) => did === client.me?.did)?.kind
  // Into a group one is brought by somebody; a direct conversation is the other one's doing.
  const by = own && 'addedBy' in own ? own.addedBy : members.find(({ did }) => did !== client.me?.did)
  if (by?.viewer?.following !== undefined) await convo.accept()
}
