import type { Did } from '@atcute/lexicons/syntax'
import { type Client, listOf } from '../../packages/service/test/stories/client.ts'
import { isGroup } from '../../packages/service/test/stories/held.ts'
import { byOthers, isSystem } from '../../packages/service/test/stories/history.ts'
import type { Dice } from '../dice.ts'

/** A message id as they are, of no message. */
const nobodyHas = '3kabcdefghi22'

type Given = Record<string, unknown>

export interface Impulse {
  did: Did
  act: string
  client: Client
  dice: Dice
  /** What no other message says. */
  said: string
}

/** What a client does with what it holds, where it holds anything: unlike a deed of a story it is seldom refused. */
export function impulseOf({ did, act, client, dice, said }: Impulse): Given | undefined {
  if (act === 'withdrawJoinRequest') {
    const asked = [...client.asked]
    return asked.length > 0 ? { convoId: dice.pick(asked) } : undefined
  }
  const isOwners = /JoinLink$|lockConvo$/.test(act)
  const list = listOf(client).filter(
    ({ view, members }) =>
      !isOwners || (isGroup(view) && members.some(one => one.did === did && one.role === 'owner')),
  )
  if (list.length === 0) return undefined
  const held = dice.pick(list)
  const convoId = held.view.id
  if (act === 'sendMessage') return { convoId, message: { text: said }, idempotencyKey: said }
  if (act === 'sendMessageBatch') return batch(convoId, said, dice.oneIn(3))
  if (!/Reaction$|^deleteMessage/.test(act)) return { convoId }
  const written = act === 'deleteMessageForSelf' ? byOthers(held) : held.history.filter(one => !isSystem(one))
  if (written.length === 0) return undefined
  const messageId = dice.pick(written.slice(0, 3)).id
  return /Reaction$/.test(act) ? { convoId, messageId, value: '👍' } : { convoId, messageId }
}

/** All or none: where the second one replies to what is not there, the first is not sent either. */
function batch(convoId: string, said: string, isRefused: boolean): Given {
  const replyTo = isRefused ? { replyTo: { messageId: nobodyHas } } : {}
  const first = { convoId, message: { text: `${said}, first` } }
  const second = { convoId, message: { text: `${said}, second`, ...replyTo } }
  return { items: [first, second], idempotencyKey: said }
}
