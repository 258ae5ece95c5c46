import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Bot } from '../src/bot/index.ts'
import { fakeNetwork } from '../src/fake-network/index.ts'
import { type Client, type CursorStore, memoryCursorStore } from '../src/index.ts'
import { begin, said, users } from './bot-world.ts'

/** Long enough for everything that is to happen at once, and for nothing that has to be waited for. */
const soon = () => new Promise(resolve => setTimeout(resolve, 50))

describe('a bot that asks', () => {
  it('hears the answers however many it has asked, and serves others meanwhile', async () => {
    await using world = await begin({ atOnce: 1 })
    const { bot, alice, bob } = world
    bot.hears('begin', async context => {
      const { text } = await context.ask('Who are you?')
      await context.reply(`Hello ${text}`)
    })
    await world.start()
    await alice.dm.send('bot.test', 'begin')
    await bob.dm.send('bot.test', 'begin')
    for (const person of [alice, bob]) assert.deepEqual(await said(person, 1), ['Who are you?'])
    await bob.dm.send('bot.test', 'Bob')
    assert.deepEqual(await said(bob, 2), ['Who are you?', 'Hello Bob'])
    await alice.dm.send('bot.test', 'Alice')
    assert.deepEqual(await said(alice, 2), ['Who are you?', 'Hello Alice'])
  })

  it('is stopped at once, without an error, and asks anew when it is back', async () => {
    const net = fakeNetwork({ users })
    const [client, alice] = await Promise.all(users.map(handle => net.client(handle)))
    const cursor = memoryCursorStore((await client!.chat.bsky.convo.getLog()).cursor)
    const run = () => {
      const bot = new Bot({ client: client!, cursor, clock: net.clock })
      bot.on('message', async context => {
        await context.ask('Who are you?')
      })
      return { bot, over: bot.start() }
    }
    const first = run()
    await alice!.dm.send('bot.test', 'begin')
    assert.deepEqual(await said(alice!, 1), ['Who are you?'])
    const before = net.clock.now()
    await first.bot.stop()
    await first.over
    assert.ok(net.clock.now() - before < 5_000, 'it waits for nobody')
    const second = run()
    assert.deepEqual(await said(alice!, 2), ['Who are you?', 'Who are you?'])
    await second.bot.stop()
    await second.over
  })
})

describe('the end of a bot', () => {
  it('comes when it has been told, though a handler and a job never end', async () => {
    const { net, bot, alice } = await begin()
    const never = new Promise<void>(() => {})
    let [heard, worked] = [false, false]
    bot.on('message', () => {
      heard = true
      return never
    })
    bot.every(1000, () => {
      worked = true
      return never
    })
    const over = bot.start()
    await alice.dm.send('bot.test', 'hello')
    while (!heard || !worked) await soon()
    const stopped = bot.stop({ drainMs: 60_000 })
    await soon()
    await net.advance(60_000)
    await stopped
    await over
  })

  it('is the beginning where the signal has been given before', async () => {
    const { bot } = await begin()
    await bot.start({ signal: AbortSignal.abort() })
  })
})

describe('a bot that cannot keep how far it has come', () => {
  async function unable(): Promise<{ alice: Client; bot: Bot; saved: string[]; over: () => Promise<void> }> {
    const net = fakeNetwork({ users, pace: 50 })
    const [client, alice] = await Promise.all(users.map(handle => net.client(handle)))
    const kept = memoryCursorStore((await client!.chat.bsky.convo.getLog()).cursor)
    const saved: string[] = []
    let failures = 1
    const cursor: CursorStore = {
      load: () => kept.load(),
      save: async rev => {
        if (failures-- > 0) throw new Error('the disk is full')
        saved.push(rev)
      },
    }
    const bot = new Bot({ client: client!, cursor, clock: net.clock })
    bot.on('message', context => context.reply('heard'))
    return { alice: alice!, bot, saved, over: () => bot.start() }
  }

  it('says so, goes on, and keeps it the next time', async () => {
    const { alice, bot, saved, over } = await unable()
    const errors: string[] = []
    bot.catch(error => errors.push((error as Error).message))
    const running = over()
    for (const text of ['one', 'two']) await alice.dm.send('bot.test', text)
    await said(alice, 2)
    await bot.stop()
    await running
    assert.deepEqual(errors, ['the disk is full'])
    assert.ok(saved.length > 0)
  })

  it('ends with that where nobody hears of errors', async () => {
    const { alice, over } = await unable()
    const running = assert.rejects(over(), /the disk is full/)
    await alice.dm.send('bot.test', 'one')
    await running
  })
})
