import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endpoints } from '../src/endpoints/index.ts'
import { AppError } from '../src/errors.ts'
import { memoryStore } from '../src/store/memory/memory-store.ts'
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts'
import { type Actor, Stage, wholeLog } from './stage.ts'

/**
 * The same random story on the memory store and on SQLite must give the same answers, letter by letter:
 * also refusals, and also what everybody sees afterwards.
 */
const names = ['alice', 'bob', 'carla', 'dave']
const emoji = ['👍', '❤️', '😆', '👀', '😢', '🎉', 'x']
const steps = 400

for (const seed of [1, 2, 3, 4]) {
  test(`story ${seed}: memory and SQLite agree`, async () => {
    const chance = randomFrom(seed)
    const stages = [new Stage(memoryStore), new Stage(clock => openSqliteStore({ path: ':memory:', clock }))]
    const casts = stages.map(stage =>
      names.map(name => stage.actor(name, name === 'dave' ? 'following' : 'all')),
    )
    const ids = { convos: new Set<string>(['3kabcdefghijk']), messages: new Set<string>(['3kabcdefghijk']) }
    for (let step = 0; step < steps; step++) {
      const deed = choose(chance, ids)
      const answers = await Promise.all(stages.map((stage, i) => perform(stage, casts[i]!, deed)))
      assert.deepEqual(answers[1], answers[0], `step ${step}: ${JSON.stringify(deed)}`)
      remember(ids, answers[0])
    }
    for (const actor of names.keys()) {
      const views = await Promise.all(casts.map(cast => everythingSeenBy(cast[actor]!)))
      assert.deepEqual(views[1], views[0])
    }
    await Promise.all(stages.map(stage => stage.ctx.store.close()))
  })
}

interface Deed {
  actor: number
  other: number
  /** A method's last name, or what happens on the network. */
  act: string
  given: Record<string, unknown>
  ms: number
}

type Chance = <T>(from: readonly T[]) => T

function choose(chance: Chance, ids: { convos: Set<string>; messages: Set<string> }): Deed {
  const act = chance([
    ...[
      'getConvoForMembers',
      'getConvoForMembers',
      'sendMessage',
      'sendMessage',
      'sendMessage',
      'sendMessage',
    ],
    ...[
      'sendMessageBatch',
      'addReaction',
      'addReaction',
      'removeReaction',
      'deleteMessageForSelf',
      'updateRead',
    ],
    ...[
      'updateRead',
      'updateAllRead',
      'acceptConvo',
      'leaveConvo',
      'muteConvo',
      'unmuteConvo',
      'getUnreadCounts',
    ],
    ...[
      'getConvoAvailability',
      'getMessages',
      'getLog',
      'listConvos',
      'listConvoRequests',
      'block',
      'unblock',
    ],
  ])
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
  return {
    actor: chance([0, 1, 2, 3]),
    other: chance([0, 1, 2, 3]),
    act,
    given: given[act] ?? { convoId },
    ms,
  }
}

async function perform(
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

async function answerOf(actor: Actor, act: string, given: object): Promise<unknown> {
  const endpoint = endpoints.find(({ schema }) => schema.nsid.endsWith(`.${act}`))!
  try {
    return await actor.call(endpoint, given as never)
  } catch (error) {
    if (error instanceof AppError) return `${error.name}: ${error.message}`
    throw error
  }
}

async function everythingSeenBy(actor: Actor): Promise<unknown[]> {
  const list = (await answerOf(actor, 'listConvos', {})) as { convos: { id: string }[] }
  const histories = await Promise.all(
    list.convos.map(({ id }) => answerOf(actor, 'getMessages', { convoId: id })),
  )
  return [list, histories, await wholeLog(actor), await answerOf(actor, 'getUnreadCounts', {})]
}

function remember(ids: { convos: Set<string>; messages: Set<string> }, answer: unknown): void {
  const text = JSON.stringify(answer) ?? ''
  for (const [, id] of text.matchAll(/"id":"([2-7a-z]{13})","rev":"[2-7a-z]{13}","kind"/g))
    ids.convos.add(id!)
  for (const [, id] of text.matchAll(/messageView","id":"([2-7a-z]{13})"/g)) ids.messages.add(id!)
}

/** The same numbers for the same seed (mulberry32). */
function randomFrom(seed: number): Chance {
  let state = seed
  return from => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return from[((t ^ (t >>> 14)) >>> 0) % from.length]!
  }
}
