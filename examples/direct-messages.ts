/** Lists the conversations of an account, then begins one with somebody and writes to them. */
import { Client, IdResolver } from '@parley/sdk'

// Where the account lives, who it is, and whom to write to: the devnet's, unless the environment says otherwise.
const SERVICE = process.env.ATP_SERVICE ?? 'http://localhost:2583'
const USERNAME = process.env.ATP_IDENTIFIER ?? 'alice.test'
const PASSWORD = process.env.ATP_PASSWORD ?? 'alice-password' // never write a password into a real program
const CHAT_TO = process.env.CHAT_TO ?? 'bob.test'

// create client instance and log in
const client = new Client(SERVICE)
await client.login(USERNAME, PASSWORD) // use an app password with access to direct messages!

// create client proxied to the chat service
const dmClient = client.withBskyChatProxy()
// create shortcut to convo methods
const dm = dmClient.chat.bsky.convo

const convoList = await dm.listConvos() // use limit and cursor to paginate
console.log(`Your conversations (${convoList.convos.length}):`)
for (const convo of convoList.convos) {
  const members = convo.members.map(member => member.displayName ?? member.handle).join(', ')
  console.log(`- ID: ${convo.id} (${members})`)
}

// create resolver instance with in-memory cache; on a local network it asks the PDS, elsewhere leave `service` out
const idResolver = new IdResolver({ service: SERVICE })
// resolve DID
const chatTo = await idResolver.handle.resolve(CHAT_TO)

// create or get conversation with chatTo
const { convo } = await dm.getConvoForMembers({ members: [chatTo] })

console.log(`\nConvo ID: ${convo.id}`)
console.log('Convo members:')
for (const member of convo.members) {
  console.log(`- ${member.displayName ?? member.handle} (${member.did})`)
}

// send a message to the conversation
await dm.sendMessage({ convoId: convo.id, message: { text: 'Hello from the TypeScript SDK!' } })

console.log('\nMessage sent!')
