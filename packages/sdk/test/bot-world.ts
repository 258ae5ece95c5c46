import { Bot, type BotOptions } from '../src/bot/index.ts'
import { type FakeNetwork, fakeNetwork } from '../src/fake-network/index.ts'
import { type Client, memoryCursorStore } from '../src/index.ts'

export const users = ['bot.test', 'alice.test', 'bob.test'] as const

export interface World extends AsyncDisposable {
  net: FakeNetwork
  bot: Bot<{ count?: number }>
  alice: Client
  bob: Client
  /** Resolves when the bot listens. */
  start(): Promise<void>
}

export async function begin(options: Partial<BotOptions<{ count?: number }>> = {}): Promise<World> {
  const net = fakeNetwork({ users, pace: 50 })
  const [client, alice, bob] = await Promise.all(users.map(handle => net.client(handle)))
  const { cursor } = await client!.chat.bsky.convo.getLog()
  const bot = new Bot<{ count?: number }>({
    client: client!,
    cursor: memoryCursorStore(cursor),
    clock: net.clock,
    ...options,
  })
  let running: Promise<void> | undefined
  return {
    net,
    bot,
    alice: alice!,
    bob: bob!,
    async start() {
      running = bot.start()
      running.catch(() => {})
    },
    async [Symbol.asyncDispose]() {
      await bot.stop()
      await running
    },
  }
}

/** What the bot has said to somebody, as soon as that is `count` messages. */
export async function said(to: Client, count: number): Promise<string[]> {
  const deadline = AbortSignal.timeout(10_000)
  for (;;) {
    deadline.throwIfAborted()
    const convo = await to.dm.with('bot.test')
    const texts = (await Array.fromAsync(convo.messages()))
      .flatMap(message => (message.type === 'message' && !message.fromMe ? [message.text] : []))
      .reverse()
    if (texts.length >= count) return texts
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}
