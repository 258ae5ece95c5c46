import { endpoints } from '../src/endpoints/index.ts'
import { AppError } from '../src/errors.ts'
import type { Actor, Stage } from './stage.ts'

/** A step of a random story: the same for the same seed, and often refused. */
export interface Deed {
  actor: number
  other: number
  /** A method's last name, or what happens on the network. */
  act: string
  given: Record<string, unknown>
  ms: number
}

export type Chance = <T>(from: readonly T[]) => T

/** The ids that a story has come across so far, and one of each kind that nobody has. */
export interface KnownIds {
  convos: Set<string>
  messages: Set<string>
}

const acts = [
  'getConvoForMembers',
  'getConvoForMembers',
  'sendMessage',
  'sendMessage',
  'sendMessage',
  'sendMessage',
  'sendMessageBatch',
  'addReaction',
  'addReaction',
  'removeReaction',
  'deleteMessageForSelf',
  'updateRead',
  'updateRead',
  'updateAllRead',
  'acceptConvo',
  'leaveConvo',
  'muteConvo',
  'unmuteConvo',
  'getUnreadCounts',
  'getConvoAvailability',
  'getMessages',
  'getLog',
  'listConvos',
  'listConvoRequests',
  'block',
  'unblock',
]
const emoji = ['👍', '❤️', '😆', '👀', '😢', '🎉', 'x']

export function noIds(): KnownIds {
  return { convos: new Set(['3kabcdefghijk']), messages: new Set(['3kabcdefghijk']) }
}

/** The next deed of a story with so many actors. */
export function choose(chance: Chance, ids: KnownIds, actors: number): Deed {
  const act = chance(acts)
  const convoId = chance([...ids.convos])
  const messageId = chance([...ids.messages])
  const message = {
    text: chance(['hello', 'how are you?', '', '😀']),
    ...(chance([true, false, false]) && { replyTo: { messageId } }),
  }
  const given: Record<string, Record<string, unknown>> = {
    sendMessage: {
      convoId,
      message,
      ...(chance([true, false]) && { idempotencyKey: chance(['k1', 'k2', 'k3']) }),
    },
    sendMessageBatch: {
      items: [
        { convoId, message },
        { convoId: chance([...ids.convos]), message: { text: 'two' } },
      ],
    },
    addReaction: { convoId, messageId, value: chance(emoji) },
    removeReaction: { convoId, messageId, value: chance(emoji) },
    deleteMessageForSelf: { convoId, messageId },
    updateRead: { convoId, ...(chance([true, false]) && { messageId }) },
    updateAllRead: chance([{}, { status: 'accepted' }, { status: 'request' }]),
    getMessages: { convoId, limit: chance([1, 3, 50]), cursor: messageId },
    getLog: { cursor: messageId },
    listConvos: {
      limit: chance([1, 2, 50]),
      ...chance([{}, { status: 'request' }, { readState: 'unread' }]),
    },
    listConvoRequests: {},
    getUnreadCounts: {},
  }
  const ms = chance([0, 0, 1, 50, -20])
  const cast = [...Array(actors).keys()]
  return { actor: chance(cast), other: chance(cast), act, given: given[act] ?? { convoId }, ms }
}

/** The answer to a deed, or the words of its refusal. */
export async function perform(
  stage: Stage,
  cast: Actor[],
  { actor, other, act, given, ms }: Deed,
): Promise<unknown> {
  stage.clock.advance(ms)
  const [caller, counterpart] = [cast[actor]!, cast[other]!]
  if (act === 'block') return stage.people.block(caller.did, counterpart.did)
  if (act === 'unblock') return stage.people.unblock(caller.did, counterpart.did)
  const takesMembers = act === 'getConvoForMembers' || act === 'getConvoAvailability'
  return answerOf(caller, act, takesMembers ? { members: [counterpart.did] } : given)
}

export async function answerOf(actor: Actor, act: string, given: object): Promise<unknown> {
  const endpoint = endpoints.find(({ schema }) => schema.nsid.endsWith(`.${act}`))!
  try {
    return await actor.call(endpoint, given as never)
  } catch (error) {
    if (error instanceof AppError) return `${error.name}: ${error.message}`
    throw error
  }
}

export function remember(ids: KnownIds, answer: unknown): void {
  const text = JSON.stringify(answer) ?? ''
  for (const [, id] of text.matchAll(/"id":"([2-7a-z]{13})","rev":"[2-7a-z]{13}","kind"/g))
    ids.convos.add(id!)
  for (const [, id] of text.matchAll(/messageView","id":"([2-7a-z]{13})"/g)) ids.messages.add(id!)
}

/** The same numbers for the same seed (mulberry32). */
export function randomFrom(seed: number): Chance {
  let state = seed
  return from => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return from[((t ^ (t >>> 14)) >>> 0) % from.length]!
  }
}
