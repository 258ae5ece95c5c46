import { Caller } from '../load/caller.ts'
import type { Stack } from '../stacks/stack.ts'
import { textOf } from './history.ts'
import type { World } from './world.ts'

/** Reads of a few pairs by the service's own methods, whose answers a filled database must give as a grown one would. */
export async function assertWorldIsRight(stack: Stack, world: World): Promise<void> {
  using caller = await Caller.open(stack)
  const pairs = world.accounts / 2
  for (const pair of new Set([0, Math.floor(pairs / 2), pairs - 1])) {
    const { messages } = world.convos[world.firstOfPairs + pair]!
    const convoId = stack.stage.convoIds[pair]!
    const page = await caller.get(pair, 'chat.bsky.convo.getMessages', { convoId, limit: '10' })
    const texts = page.messages.map(({ text }: { text: string }) => text)
    const expected = Array.from({ length: texts.length }, (_, back) => textOf(messages - 1 - back))
    // A kept database has what earlier runs sent on top.
    if (!texts.some((text: string) => !text.startsWith('message ')) && texts.join() !== expected.join())
      throw new Error(`${world.name}: pair ${pair} reads other messages than were filled in`)
    const { convo } = await caller.get(pair, 'chat.bsky.convo.getConvo', { convoId })
    if (convo.lastMessage.id !== page.messages[0].id)
      throw new Error(`${world.name}: the convo of pair ${pair} does not end with its last message`)
    const { convos } = await caller.get(pair, 'chat.bsky.convo.listConvos', { limit: '100' })
    if (!convos.some(({ id }: { id: string }) => id === convoId))
      throw new Error(`${world.name}: the convo of pair ${pair} is in no list`)
  }
}
