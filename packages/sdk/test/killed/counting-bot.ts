/** A bot that writes every message that it has seen into a file, to be killed at any moment. */

import { appendFileSync } from 'node:fs'
import { Bot } from '../../src/bot/index.ts'
import { Client } from '../../src/index.ts'
import { fileCursorStore } from '../../src/node/index.ts'

const [service, chat, handle, password, folder] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
]
const client = new Client({ service, chat })
await client.login(handle, password)
const bot = new Bot({ client, cursor: fileCursorStore(`${folder}/cursor`), atOnce: 4 })
bot.on('message', async context => {
  await new Promise(resolve => setTimeout(resolve, Math.random() * 5))
  appendFileSync(`${folder}/seen`, `${context.text}\n`)
})
const running = bot.start({ backfill: 'unread', poll: { activeMs: 20, idleMs: 50 } })
console.log('listens')
await running
