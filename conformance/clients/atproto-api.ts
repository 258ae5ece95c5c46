/** Direct messages with `@atproto/api`: list, resolve, open, send. */
import { AtpAgent } from '@atproto/api'

const { ATP_SERVICE, ATP_IDENTIFIER, ATP_PASSWORD, CHAT_TO, MESSAGE } = process.env

const agent = new AtpAgent({ service: ATP_SERVICE! })
await agent.login({ identifier: ATP_IDENTIFIER!, password: ATP_PASSWORD! })
const { convo: dm } = agent.withProxy('bsky_chat', 'did:web:api.bsky.chat').chat.bsky

const { convos } = (await dm.listConvos()).data
console.log(`Your conversations (${convos.length}):`)
for (const { id, members } of convos) {
  console.log(`- ID: ${id} (${members.map(member => member.displayName).join(', ')})`)
}

const { did } = (await agent.resolveHandle({ handle: CHAT_TO! })).data
const { convo } = (await dm.getConvoForMembers({ members: [did] })).data
console.log(`\nConvo ID: ${convo.id}`)
console.log('Convo members:')
for (const member of convo.members) console.log(`- ${member.displayName} (${member.did})`)

await dm.sendMessage({ convoId: convo.id, message: { text: MESSAGE! } })
console.log('\nMessage sent!')
