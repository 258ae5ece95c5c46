// @ts-check
import { Bot } from '@parley/sdk/bot'
import { fileCursorStore, fileStore } from '@parley/sdk/node'
import { connect, giveUp, inWords } from './connect.js'

/** What the bot remembers of each person in each conversation. @typedef {{ name?: string }} Person */

// The account is in .env.
const client = await connect()

/** @type {Bot<Person>} */
const bot = new Bot({
  client,
  cursor: fileCursorStore('.state/cursor'), // what came while the bot was away is answered when it is back
  store: fileStore('.state/people'),
})

bot.command('ping', context => context.reply('pong'))

bot.command('name', async context => {
  const answer = await context.ask('What shall I call you?', { timeoutMs: 60_000 })
  context.session.name = answer.text
  await context.reply(`I will remember that, ${answer.text}.`)
})

// Whatever no command has taken. In groups people talk to each other: there it answers commands only.
bot.on('message', async context => {
  const { kind } = await context.conversation()
  if (kind === 'group') return
  const name = context.session.name ?? context.from?.name
  await context.reply(`Hello ${name}! I understand /ping and /name.`)
})

bot.catch(error => console.error(inWords(error)))

// What is under way is finished first.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => bot.stop())

console.log(`${client.me?.handle} is listening. Ctrl-C ends it.`)
await bot.start({ backfill: 'unread' }).catch(giveUp)
process.exit()
