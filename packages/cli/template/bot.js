// @ts-check
import { Client } from '@parley/sdk'
import { Bot } from '@parley/sdk/bot'
import { fileCursorStore, fileSessionStore, fileStore } from '@parley/sdk/node'

/** What the bot remembers of each person in each conversation. @typedef {{ name?: string }} Person */

// The account is in .env.
const client = await Client.fromEnv(process.env, { sessionStore: fileSessionStore('.state/session.json') })

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

// Whatever no command has taken.
bot.on('message', async context => {
  const name = context.session.name ?? context.from?.name
  await context.reply(`Hello ${name}! I understand /ping and /name.`)
})

bot.catch(error => console.error(error instanceof Error ? error.message : error))

// What is under way is finished first.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => bot.stop())

console.log(`${client.me?.handle} is listening. Ctrl-C ends it.`)
await bot.start({ backfill: 'unread' })
process.exit()
