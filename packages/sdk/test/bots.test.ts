import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Bot, memoryKeyValueStore, NoAnswer } from '../src/bot/index.ts'
import { memoryCursorStore } from '../src/index.ts'
import { begin, said, type World } from './bot-world.ts'

describe('a bot', () => {
  it('answers commands, words and patterns, and leaves the rest to others', async () => {
    await using world = await begin()
    const { bot, alice } = world
    bot.command(['ping', 'p'], context => context.reply('pong'))
    bot.command('add', context => context.reply(String(context.args.map(Number).reduce((a, b) => a + b, 0))))
    bot.hears('hello', context => context.reply('hello yourself', { quote: true }))
    bot.hears(/my name is (\w+)/i, context => context.reply(`hello ${context.match![1]}`))
    bot.on('message', context => context.reply('what?'))
    await world.start()
    for (const text of ['/ping', '!P', '/add 1 2 3', 'Hello', 'well, My name is Ada', '/pong'])
      await alice.dm.send('bot.test', text)
    assert.deepEqual(await said(alice, 6), ['pong', 'pong', '6', 'hello yourself', 'hello Ada', 'what?'])
  })

  it('runs middleware in order, around what comes behind it', async () => {
    await using world = await begin()
    const order: string[] = []
    world.bot.use(async (_context, next) => {
      order.push('before')
      await next()
      order.push('after')
    })
    world.bot.on('message', async context => {
      order.push('inside')
      await context.reply('done')
    })
    await world.start()
    await world.alice.dm.send('bot.test', 'go')
    await said(world.alice, 1)
    await world.bot.stop()
    const inside = order.indexOf('inside')
    assert.deepEqual(order.slice(inside - 1, inside + 2), ['before', 'inside', 'after'])
  })

  it('keeps order within a conversation, and lets others go first meanwhile', async () => {
    await using world = await begin()
    const { bot, alice, bob } = world
    const slow = Promise.withResolvers<void>()
    bot.on('message', async context => {
      if (context.text === 'slow') await slow.promise
      await context.reply(`did ${context.text}`)
    })
    await world.start()
    await alice.dm.send('bot.test', 'slow')
    await alice.dm.send('bot.test', 'second')
    await bob.dm.send('bot.test', 'other')
    assert.deepEqual(await said(bob, 1), ['did other'])
    assert.deepEqual(await said(alice, 0), [])
    slow.resolve()
    assert.deepEqual(await said(alice, 2), ['did slow', 'did second'])
  })

  it('asks and waits, asks again where the answer will not do, and gives up in time', async () => {
    await using world = await begin()
    const { bot, alice, net } = world
    bot.command('age', async context => {
      try {
        const validate = (text: string) => /^\d+$/.test(text) || 'a number, please'
        const answer = await context.ask('how old are you?', { timeoutMs: 600_000, validate })
        await context.reply(`${answer.text} is a good age`)
      } catch (error) {
        assert.ok(error instanceof NoAnswer)
        await context.reply('never mind')
      }
    })
    bot.on('message', context => context.reply('what?'))
    await world.start()
    await alice.dm.send('bot.test', '/age')
    await said(alice, 1)
    await alice.dm.send('bot.test', 'old')
    await said(alice, 2)
    await alice.dm.send('bot.test', '42')
    assert.deepEqual(await said(alice, 3), ['how old are you?', 'a number, please', '42 is a good age'])
    await alice.dm.send('bot.test', '/age')
    await said(alice, 4)
    await net.advance(600_000)
    assert.equal((await said(alice, 5)).at(-1), 'never mind')
  })

  it('remembers each person in each conversation, also when it is started anew', async () => {
    const store = memoryKeyValueStore()
    await using world = await begin({ store, initialSession: () => ({ count: 0 }) })
    const count = (bot: World['bot']) =>
      bot.on('message', context => {
        context.session.count = (context.session.count ?? 0) + 1
        return context.reply(String(context.session.count))
      })
    count(world.bot)
    await world.start()
    await world.alice.dm.send('bot.test', 'a')
    await world.alice.dm.send('bot.test', 'b')
    await world.bob.dm.send('bot.test', 'c')
    assert.deepEqual(await said(world.alice, 2), ['1', '2'])
    assert.deepEqual(await said(world.bob, 1), ['1'])
    await world.bot.stop()
    const { cursor } = await world.bot.client.chat.bsky.convo.getLog()
    const again = new Bot<{ count?: number }>({
      client: world.bot.client,
      store,
      cursor: memoryCursorStore(cursor),
      clock: world.net.clock,
    })
    count(again)
    const running = again.start()
    await world.alice.dm.send('bot.test', 'd')
    assert.deepEqual(await said(world.alice, 3), ['1', '2', '3'])
    await again.stop()
    await running
  })

  it('takes up what a handler did not finish when it was stopped', async () => {
    const cursor = memoryCursorStore()
    await using world = await begin()
    const { client } = world.bot
    await cursor.save((await client.chat.bsky.convo.getLog()).cursor!)
    const seen: string[] = []
    const first = new Bot({ client, cursor, clock: world.net.clock })
    const stuck = Promise.withResolvers<void>()
    first.on('message', async context => {
      seen.push(`first ${context.text}`)
      if (context.text === 'two') {
        stuck.resolve()
        await new Promise(() => {})
      }
    })
    void first.start()
    for (const text of ['one', 'two']) await world.alice.dm.send('bot.test', text)
    await world.bob.dm.send('bot.test', 'three')
    await stuck.promise
    await first.stop({ drainMs: 1 })
    const done = Promise.withResolvers<void>()
    const second = new Bot({ client, cursor, clock: world.net.clock })
    second.on('message', context => {
      seen.push(`second ${context.text}`)
      if (context.text === 'three') done.resolve()
    })
    const running = second.start()
    await done.promise
    await second.stop()
    await running
    assert.ok(seen.includes('first one') && !seen.includes('second one'), seen.join())
    assert.ok(seen.includes('second two') && seen.includes('second three'), seen.join())
  })

  it('says a stream of words in messages that end with sentences', async () => {
    await using world = await begin()
    world.bot.command('tell', context =>
      context.replyStream(
        (async function* () {
          for (let word = 0; word < 400; word++) yield word % 10 === 9 ? 'word. ' : 'word '
        })(),
      ),
    )
    await world.start()
    await world.alice.dm.send('bot.test', '/tell')
    const texts = await said(world.alice, 3)
    for (const text of texts) assert.match(text, /^word.*word\.$/s)
    assert.equal(texts.join(' ').split(/\s+/).length, 400)
  })

  it('goes on after an error that somebody catches, and ends with one that nobody does', async () => {
    await using world = await begin()
    const errors: unknown[] = []
    world.bot.on('message', context => {
      if (context.text === 'bad') throw new Error('a bug')
      return context.reply('fine')
    })
    world.bot.catch(error => errors.push(error))
    await world.start()
    await world.alice.dm.send('bot.test', 'bad')
    await world.alice.dm.send('bot.test', 'good')
    assert.deepEqual(await said(world.alice, 1), ['fine'])
    assert.equal(errors.length, 1)

    await using other = await begin()
    other.bot.on('message', () => {
      throw new Error('a bug')
    })
    const running = other.bot.start()
    await other.alice.dm.send('bot.test', 'bad')
    await assert.rejects(running, /a bug/)
  })

  it('does not hear itself', async () => {
    await using world = await begin()
    const { bot, alice } = world
    let heard = 0
    bot.on('message', context => {
      heard += 1
      return context.reply('echo')
    })
    await world.start()
    await alice.dm.send('bot.test', 'one')
    await said(alice, 1)
    await alice.dm.send('bot.test', 'two')
    await said(alice, 2)
    assert.equal(heard, 2)
  })
})
