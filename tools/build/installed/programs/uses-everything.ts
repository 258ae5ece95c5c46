/** What somebody's program does with the SDK: reads, sends, listens and answers. Prints what it saw as JSON. */
import { ChatError, Client, link, rich } from '@parley/sdk'
import { BaseClient } from '@parley/sdk/base'
import { Bot } from '@parley/sdk/bot'
import { fileCursorStore, fileSessionStore } from '@parley/sdk/node'

const [service = '', chat = '', alicePassword = '', bobPassword = ''] = process.argv.slice(2)

const alice = new Client({ service, chat, sessionStore: fileSessionStore('sessions.json') })
await alice.login('alice.test', alicePassword)

const bob = new Client({ service, chat })
await bob.login('bob.test', bobPassword)
const bot = new Bot<{ count: number }>({
  client: bob,
  cursor: fileCursorStore('bot.cursor'),
  initialSession: () => ({ count: 0 }),
})
bot.command('ping', async context => {
  context.session.count += 1
  await context.reply(`pong ${context.args.join(' ')} ${context.session.count}`)
})
const running = bot.start({ backfill: 'unread', poll: { activeMs: 50, idleMs: 50 } })

const events = alice.dm.events({ own: false, poll: { activeMs: 50, idleMs: 50 } })
const heard = (async () => {
  for await (const event of events) if (event.type === 'message') return event.message.text
  return undefined
})()
await alice.dm.send('bob.test', rich`/ping ${link('here', 'https://example.com')}`)
const answer: string | undefined = await heard
await bot.stop()
await running

const base = new BaseClient({ service, chat })
await base.login({ session: alice.exportSession() })
const { convos } = await base.chat.bsky.convo.listConvos({ limit: 10 })

let refusal: string | undefined
try {
  await alice.dm.send('nobody.test', 'Hello?')
} catch (error) {
  refusal = error instanceof ChatError ? error.code : String(error)
}
console.log(
  JSON.stringify({
    node: process.versions.node.split('.')[0],
    answer,
    members: convos.map(convo => convo.members.map(member => member.handle).sort()),
    refusal,
  }),
)
