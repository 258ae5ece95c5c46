/** What a snippet may have without saying how it came by it. See scenario.ts. */
import { Bot } from '../../src/bot/index.ts'
import { Client } from '../../src/index.ts'

export const client = new Client()
await client.login(process.env.SNIPPET_AS!, process.env.APP_PASSWORD!)

/** The conversation with Alice. */
export const convo = await client.dm.with('alice.example.com')

export const bot = new Bot({ client })
