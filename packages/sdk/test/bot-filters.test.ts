import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Filter } from '../src/bot/index.ts'
import { type Client, type Conversation, type Message, mention, rich } from '../src/index.ts'
import { begin } from './bot-world.ts'

/** By filter, which texts it let through. */
const texts = {
  message: [
    'plain',
    '@bot',
    '@bob',
    'see https://example.com',
    'answer to the bot',
    'own',
    'answer to oneself',
    'join',
  ],
  'message:mention': ['@bot'],
  'message:reply': ['answer to the bot'],
  'message:link': ['see https://example.com'],
  'message:embed': ['join'],
  reaction: ['from the bot', 'from the bot'],
  'reaction:added': ['from the bot'],
  'reaction:removed': ['from the bot'],
} as const satisfies Partial<Record<Filter, readonly string[]>>

/** Those of events without a text. */
const others = [
  'message:deleted',
  'convo:begun',
  'convo:accepted',
  'convo:left',
  'convo:muted',
  'convo:unmuted',
  'convo:read',
  'group:changed',
  'join-request',
] as const satisfies readonly Filter[]

async function find(convo: Conversation, text: string): Promise<Message> {
  for await (const message of convo.messages())
    if (message.type === 'message' && message.text === text) return message
  throw new Error(`there is no ${text}`)
}

/** What others do, of which the bot hears. */
async function actOfOthers(alice: Client, bot: Client): Promise<void> {
  const convo = await alice.dm.with('bot.test')
  await convo.send('plain')
  await convo.send(rich`${mention('bot.test', '@bot')}`)
  await convo.send(rich`${mention('bob.test', '@bob')}`)
  await convo.send('see https://example.com')
  await bot.dm.send('alice.test', 'from the bot')
  const theirs = await find(convo, 'from the bot')
  await theirs.reply('answer to the bot')
  await (await convo.send('own')).reply('answer to oneself')
  await theirs.react('👍')
  await theirs.unreact('👍')
  const group = (await alice.dm.createGroup('Readers', ['bot.test'])).group!
  const { code } = await group.createJoinLink()
  await group.rename('Writers')
  await convo.send({ text: 'join', embed: { $type: 'chat.bsky.embed.joinLink', code } })
}

/** What the bot's own account does elsewhere, and what it hears of as the owner of a group. */
async function actOfBot(bot: Client, bob: Client): Promise<void> {
  const convo = await bot.dm.with('alice.test')
  await convo.mute()
  await convo.unmute()
  await convo.markRead()
  await (await find(convo, 'plain')).deleteForSelf()
  const group = await bot.dm.createGroup('Listeners', [])
  await bob.dm.join((await group.group!.createJoinLink({ requireApproval: true })).code)
  const [readers] = await Array.fromAsync(bot.dm.conversations({ status: 'request', kind: 'group' }))
  await readers!.leave()
}

describe('the filters of a bot', () => {
  it('let through what they name, and nothing else', async () => {
    await using world = await begin()
    const { bot, alice, bob } = world
    const heard: Record<string, string[]> = {}
    for (const filter of [...(Object.keys(texts) as (keyof typeof texts)[]), ...others, 'unknown'] as const) {
      heard[filter] = []
      bot.on(filter, (context, next) => {
        heard[filter]!.push(filter in texts ? context.text : context.event.type)
        return next()
      })
    }
    await world.start()
    await actOfOthers(alice, bot.client)
    await actOfBot(bot.client, bob)
    const finished = AbortSignal.timeout(10_000)
    while (heard['convo:left']!.length === 0) {
      finished.throwIfAborted()
      await new Promise(resolve => setTimeout(resolve, 5))
    }
    await bot.stop()
    for (const [filter, expected] of Object.entries(texts)) assert.deepEqual(heard[filter], expected, filter)
    for (const filter of others) assert.deepEqual([...new Set(heard[filter])], [filter])
    assert.deepEqual(heard.unknown, [])
  })
})
