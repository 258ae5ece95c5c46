import type {} from '@atcute/atproto'
import type {} from '@atcute/bluesky'
import { Client, ok } from '@atcute/client'
import type { Did } from '@atcute/lexicons/syntax'
import { PasswordSession } from '@atcute/password-session'
import type { Devnet } from '@parley/devnet'

/** The chat service that published clients have built in. */
export const wellKnownChat = 'did:web:api.bsky.chat#bsky_chat'

/** An account that is logged in, to set scenes and to look at what came of them; it checks nothing. */
export interface LoggedIn {
  did: Did
  handle: string
  pds: Client
  /** The same, by way of the PDS to the chat service. */
  chat: Client
}

export async function logIn(net: Devnet, handle: string): Promise<LoggedIn> {
  const { password } = net.account(handle)
  const session = await PasswordSession.login({ service: net.pds.url, identifier: handle, password })
  const pds = new Client({ handler: session })
  return { did: session.did, handle, pds, chat: pds.clone({ proxy: wellKnownChat }) }
}

/** The texts of a conversation, oldest first; of what is no message any more, its type. */
export async function textsOf({ chat }: LoggedIn, convoId: string): Promise<string[]> {
  const { messages } = await ok(chat.get('chat.bsky.convo.getMessages', { params: { convoId, limit: 100 } }))
  return messages.map(message => ('text' in message ? message.text : message.$type)).reverse()
}

/** The direct conversation with `other`, begun if there is none. */
export async function openConvo({ chat }: LoggedIn, other: LoggedIn): Promise<string> {
  const members = [other.did]
  const { convo } = await ok(chat.get('chat.bsky.convo.getConvoForMembers', { params: { members } }))
  return convo.id
}

export async function send({ chat }: LoggedIn, convoId: string, text: string): Promise<string> {
  const { id } = await ok(chat.post('chat.bsky.convo.sendMessage', { input: { convoId, message: { text } } }))
  return id
}
