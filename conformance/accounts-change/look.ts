import { ok } from '@atcute/client'
import type { LoggedIn } from '../account.ts'

/** What one account sees of another through the chat service, and of the convo that they have. */

/** `other` as a member of the convo. */
export async function memberSeen({ chat }: LoggedIn, convoId: string, other: LoggedIn) {
  const { convo } = await ok(chat.get('chat.bsky.convo.getConvo', { params: { convoId } }))
  return convo.members.find(member => member.did === other.did)!
}

export async function lastMessageSeen({ chat }: LoggedIn, convoId: string): Promise<string | undefined> {
  const { convo } = await ok(chat.get('chat.bsky.convo.getConvo', { params: { convoId } }))
  const { lastMessage } = convo
  return lastMessage && ('text' in lastMessage ? lastMessage.text : lastMessage.$type)
}

export async function canChat({ chat }: LoggedIn, other: LoggedIn): Promise<boolean> {
  const params = { members: [other.did] }
  return (await ok(chat.get('chat.bsky.convo.getConvoAvailability', { params }))).canChat
}

/** How opening a convo is answered: `ok` or the name of the refusal. */
export async function opening({ chat }: LoggedIn, other: LoggedIn): Promise<string> {
  const answer = await chat.get('chat.bsky.convo.getConvoForMembers', { params: { members: [other.did] } })
  return answer.ok ? 'ok' : answer.data.error
}

/** How a message is answered: `ok`, or the name and text of the refusal. */
export async function sending({ chat }: LoggedIn, convoId: string, text: string): Promise<string> {
  const input = { convoId, message: { text } }
  const answer = await chat.post('chat.bsky.convo.sendMessage', { input })
  return answer.ok ? 'ok' : `${answer.data.error}: ${answer.data.message}`
}

/** How many convos hold something unread. */
export async function unread({ chat }: LoggedIn): Promise<number> {
  const counts = await ok(chat.get('chat.bsky.convo.getUnreadCounts', { params: {} }))
  return counts.unreadAcceptedConvos
}
