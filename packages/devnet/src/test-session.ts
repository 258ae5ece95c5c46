import type {} from '@atcute/atproto'
import type {} from '@atcute/bluesky'
import { Client, ok, simpleFetchHandler } from '@atcute/client'
import type { Did } from '@atcute/lexicons/syntax'
import type { Account, Devnet } from './devnet.ts'

/** What published clients have built in; written out, so that a change of ours does not go unnoticed. */
export const wellKnownChat = 'did:web:api.bsky.chat'

/** An account at work, as a client would do it: for tests. */
export interface Session {
  did: Did
  rpc: Client
  headers: { authorization: string }
}

export async function signIn(net: Devnet, account: Account, password = account.password): Promise<Session> {
  const rpc = new Client({ handler: simpleFetchHandler({ service: net.pds.url }) })
  const input = { identifier: account.handle, password }
  const { did, accessJwt } = await ok(rpc.post('com.atproto.server.createSession', { input }))
  return { did, rpc, headers: { authorization: `Bearer ${accessJwt}` } }
}

export const toChat = { 'atproto-proxy': `${wellKnownChat}#bsky_chat` }

export async function openConvo({ rpc, headers }: Session, member: Did): Promise<string> {
  const options = { headers: { ...headers, ...toChat }, params: { members: [member] } }
  const { convo } = await ok(rpc.get('chat.bsky.convo.getConvoForMembers', options))
  return convo.id
}

export async function send({ rpc, headers }: Session, convoId: string, text: string): Promise<void> {
  const options = { headers: { ...headers, ...toChat }, input: { convoId, message: { text } } }
  await ok(rpc.post('chat.bsky.convo.sendMessage', options))
}

export async function textsOf({ rpc, headers }: Session, convoId: string): Promise<unknown[]> {
  const options = { headers: { ...headers, ...toChat }, params: { convoId } }
  const { messages } = await ok(rpc.get('chat.bsky.convo.getMessages', options))
  return messages.map(message => ('text' in message ? message.text : message.$type))
}
