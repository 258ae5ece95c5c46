import { type Client, listOf } from '../../packages/service/test/stories/client.ts'
import type { Deed } from '../../packages/service/test/stories/deed.ts'
import { byOthers, isSystem } from '../../packages/service/test/stories/history.ts'
import type { Dice } from '../dice.ts'

/** What a client does with what it holds, where it holds anything: unlike a deed of a story it is seldom refused. */
export function impulseOf(act: string, client: Client, dice: Dice, said: string): Deed['given'] | undefined {
  const list = listOf(client)
  if (list.length === 0) return undefined
  const held = dice.pick(list)
  const convoId = held.view.id
  if (act === 'sendMessage') return { convoId, message: { text: said }, idempotencyKey: `key of ${said}` }
  if (act === 'updateRead') return { convoId }
  const written = act === 'addReaction' ? held.history.filter(message => !isSystem(message)) : byOthers(held)
  if (written.length === 0) return undefined
  const messageId = dice.pick(written.slice(0, 5)).id
  return act === 'addReaction'
    ? { convoId, messageId, value: dice.pick(['👍', '🎉']) }
    : { convoId, messageId }
}
