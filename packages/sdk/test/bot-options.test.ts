import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { Bot, type Context } from '../src/bot/index.ts'
import type { ChatEvent, MessageEvent } from '../src/index.ts'
import { fileCursorStore, fileStore } from '../src/node/index.ts'
import { begin, said } from './bot-world.ts'

describe('what else a bot can', () => {
  it('routes by what a session or anything else says, and leaves what has no route to others', async () => {
    await using world = await begin()
    const { bot, alice } = world
    const kind = (context: Context<ChatEvent, { count?: number }>) =>
      context.session.count === undefined ? 'stranger' : context.text
    bot.route(context => context.message && kind(context), {
      stranger: context => {
        context.session.count = 1
        return context.reply('welcome')
      },
      again: context => context.reply('welcome back'),
    })
    bot.on('message', context => context.reply('otherwise'))
    await world.start()
    for (const text of ['again', 'again', 'toString', 'something']) await alice.dm.send('bot.test', text)
    assert.deepEqual((await said(alice, 4)).sort(), ['otherwise', 'otherwise', 'welcome', 'welcome back'])
  })

  it('does jobs every so often, never twice at once, and goes on when one fails', async () => {
    await using world = await begin()
    const { bot, alice, net } = world
    let [runs, now, together] = [0, 0, 0]
    const errors: [unknown, unknown][] = []
    bot.catch((error, context) => errors.push([error, context]))
    bot.every(60_000, async client => {
      together = Math.max(together, ++now)
      runs += 1
      try {
        if (runs === 2) throw new Error('a bug')
        await client.dm.send('alice.test', `run ${runs}`)
      } finally {
        now -= 1
      }
    })
    await world.start()
    const finished = AbortSignal.timeout(10_000)
    while (runs < 3) {
      finished.throwIfAborted()
      await net.advance(20_000)
      await new Promise(resolve => setTimeout(resolve, 5))
    }
    assert.deepEqual((await said(alice, 2)).slice(0, 2), ['run 1', 'run 3'])
    assert.equal(together, 1)
    assert.deepEqual(errors, [[new Error('a bug'), undefined]])
    await bot.stop()
    const before = runs
    await net.advance(600_000)
    assert.equal(runs, before)
  })

  it('ends with what a job throws where nobody catches it', async () => {
    const world = await begin()
    world.bot.every(1000, () => {
      throw new Error('a bug')
    })
    await assert.rejects(world.bot.start(), /a bug/)
  })

  for (const [autoAccept, accepted] of [
    ['all', ['alice.test', 'bob.test', 'Readers', 'Writers']],
    ['following', ['alice.test', 'Readers']],
    ['none', []],
  ] as const)
    it(`accepts conversations of ${autoAccept === 'following' ? 'those whom it follows' : autoAccept}`, async () => {
      await using world = await begin({ autoAccept })
      const { bot, alice, bob, net } = world
      net.follow('bot.test', 'alice.test')
      const heard: string[] = []
      bot.on('message', ({ text }) => void heard.push(text))
      await world.start()
      await alice.dm.createGroup('Readers', ['bot.test'])
      await bob.dm.createGroup('Writers', ['bot.test'])
      await alice.dm.send('bot.test', 'hello from alice')
      await bob.dm.send('bot.test', 'hello from bob')
      while (heard.length < 2) await new Promise(resolve => setTimeout(resolve, 5))
      const titles = (await Array.fromAsync(bot.client.dm.conversations({ status: 'accepted' }))).map(
        ({ title }) => title,
      )
      assert.deepEqual(titles.sort(), [...accepted].sort())
    })

  it('accepts nothing that has ended since, and goes on', async () => {
    await using world = await begin({ autoAccept: 'all' })
    const { bot, alice } = world
    bot.on('message', context => context.reply('heard'))
    const group = await alice.dm.createGroup('Traps', ['bot.test'])
    await group.group!.remove(['bot.test'])
    await alice.dm.send('bot.test', 'hello')
    await world.start()
    assert.deepEqual(await said(alice, 1), ['heard'])
  })

  it('keeps sessions and how far it has come in files', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-bot-'))
    await using world = await begin()
    const { client } = world.bot
    const cursor = fileCursorStore(join(folder, 'cursor'))
    const start = () => {
      const store = fileStore(join(folder, 'sessions'))
      const bot = new Bot({
        client,
        store,
        cursor,
        clock: world.net.clock,
        initialSession: () => ({ count: 0 }),
      })
      bot.on('message', async context => {
        context.session.count += 1
        await context.reply(`${context.text} ${context.session.count}`)
      })
      return { bot, running: bot.start({ backfill: 'unread' }) }
    }
    await world.alice.dm.send('bot.test', 'one')
    const first = start()
    assert.deepEqual(await said(world.alice, 1), ['one 1'])
    await first.bot.stop()
    await first.running
    await world.alice.dm.send('bot.test', 'two')
    const second = start()
    assert.deepEqual(await said(world.alice, 2), ['one 1', 'two 2'])
    await second.bot.stop()
    await second.running
    assert.ok(existsSync(join(folder, 'cursor')) && readdirSync(join(folder, 'sessions')).length > 0)
    rmSync(folder, { recursive: true })
  })

  it('works on so many conversations at once, and no more', async () => {
    await using world = await begin({ atOnce: 2 })
    const { bot, alice, bob } = world
    const group = await alice.dm.createGroup('Readers', ['bot.test'])
    const convos = [await alice.dm.with('bot.test'), await bob.dm.with('bot.test'), group]
    let [now, most, done] = [0, 0, 0]
    bot.on('message', async () => {
      most = Math.max(most, ++now)
      await new Promise(resolve => setTimeout(resolve, 10))
      now -= 1
      done += 1
    })
    await world.start()
    for (const convo of convos) await convo.sendAll(['one', 'two', 'three'])
    while (done < 9) await new Promise(resolve => setTimeout(resolve, 5))
    assert.equal(most, 2)
  })

  it('lets what is under way end when it is stopped, and begins nothing more', async () => {
    await using world = await begin()
    const { bot, alice } = world
    const begun = Promise.withResolvers<void>()
    const ended: string[] = []
    bot.on('message', async context => {
      begun.resolve()
      await new Promise(resolve => setTimeout(resolve, 50))
      await context.reply(`did ${context.text}`)
      ended.push(context.text)
    })
    await world.start()
    await alice.dm.send('bot.test', 'one')
    await begun.promise
    await bot.stop()
    assert.deepEqual(ended, ['one'])
    await alice.dm.send('bot.test', 'two')
    await new Promise(resolve => setTimeout(resolve, 100))
    assert.deepEqual(await said(alice, 1), ['did one'])
  })

  it('handles an event from anywhere, such as a webhook', async () => {
    await using world = await begin()
    const { bot, alice } = world
    bot.hears('hello', context => context.reply('hello yourself'))
    await alice.dm.send('bot.test', 'hello')
    const convo = await bot.client.dm.with('alice.test')
    const message = convo.lastMessage
    assert.ok(message?.type === 'message')
    const event: MessageEvent = {
      type: 'message',
      rev: message.rev,
      convoId: convo.id,
      raw: {},
      message,
      own: false,
    }
    await bot.handle(event)
    assert.deepEqual(await said(alice, 1), ['hello yourself'])
  })
})
