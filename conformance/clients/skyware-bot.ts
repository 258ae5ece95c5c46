/** Direct messages with `@skyware/bot`: list, resolve, open, send; then answers whoever writes, until it is stopped. */
import { Bot } from '@skyware/bot'

const { ATP_SERVICE, ATP_IDENTIFIER, ATP_PASSWORD, CHAT_TO, MESSAGE } = process.env

const bot = new Bot({
  service: ATP_SERVICE!,
  emitEvents: false,
  emitChatEvents: true,
  chatEmitterOptions: { pollingInterval: 0.2 },
})
bot.on('message', async message => {
  const conversation = await message.getConversation()
  await conversation?.sendMessage({ text: `You wrote: ${message.text}` })
})
await bot.login({ identifier: ATP_IDENTIFIER!, password: ATP_PASSWORD! })

const { conversations } = await bot.listConversations()
console.log(`Your conversations (${conversations.length}):`)
for (const { id, members } of conversations) {
  console.log(`- ID: ${id} (${members.map(member => member.displayName).join(', ')})`)
}

const did = await bot.resolveHandle(CHAT_TO!)
const conversation = await bot.getConversationForMembers([did])
console.log(`\nConvo ID: ${conversation.id}`)
console.log('Convo members:')
for (const member of conversation.members) console.log(`- ${member.displayName} (${member.did})`)

await conversation.sendMessage({ text: MESSAGE! })
console.log('\nMessage sent!')
