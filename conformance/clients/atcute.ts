/** Direct messages with `@atcute/client`: list, resolve, open, send. */
import type {} from '@atcute/atproto'
import type {} from '@atcute/bluesky'
import { Client, ok } from '@atcute/client'
import type { Handle } from '@atcute/lexicons/syntax'
import { PasswordSession } from '@atcute/password-session'

const { ATP_SERVICE, ATP_IDENTIFIER, ATP_PASSWORD, CHAT_TO, MESSAGE } = process.env

const session = await PasswordSession.login({
  service: ATP_SERVICE!,
  identifier: ATP_IDENTIFIER!,
  password: ATP_PASSWORD!,
})
const pds = new Client({ handler: session })
const chat = new Client({ handler: session, proxy: 'did:web:api.bsky.chat#bsky_chat' })

const { convos } = await ok(chat.get('chat.bsky.convo.listConvos', { params: {} }))
console.log(`Your conversations (${convos.length}):`)
for (const { id, members } of convos) {
  console.log(`- ID: ${id} (${members.map(member => member.displayName).join(', ')})`)
}

const handle = CHAT_TO as Handle
const { did } = await ok(pds.get('com.atproto.identity.resolveHandle', { params: { handle } }))
const { convo } = await ok(chat.get('chat.bsky.convo.getConvoForMembers', { params: { members: [did] } }))
console.log(`\nConvo ID: ${convo.id}`)
console.log('Convo members:')
for (const member of convo.members) console.log(`- ${member.displayName} (${member.did})`)

const input = { convoId: convo.id, message: { text: MESSAGE! } }
await ok(chat.post('chat.bsky.convo.sendMessage', { input }))
console.log('\nMessage sent!')
