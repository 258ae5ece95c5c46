import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Clock } from '../src/clock.ts'
import { memoryStore } from '../src/store/memory/memory-store.ts'
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts'
import type { Store } from '../src/store/store.ts'
import { type Client, catchUp, fetchConvo, firstFetch, listOf } from './client-model.ts'
import { type Chance, choose, type Deed, noIds, perform, randomFrom, remember } from './random-story.ts'
import { type Actor, Stage } from './stage.ts'

/**
 * Whoever fetches once and then follows the log sees what whoever fetches now sees: after every step of a
 * random story, for every actor, and for each way of following.
 */
const names = ['alice', 'bob', 'carla']
const steps = 250

interface Habit {
  from: number
  every: number
}

/** The step at which a client fetches, and at every how many steps it looks at the log. */
const habits: Habit[] = [
  { from: 0, every: 1 },
  { from: 0, every: 120 },
  { from: 100, every: 1 },
]

/** Questions, and what happens on the network: neither is in any log (behaviour.md 4). */
const untold = /^(get(?!ConvoForMembers)|list|block|unblock)/

/** All that a direct convo can have. */
const rowTypes = [
  'logAcceptConvo',
  'logAddReaction',
  'logBeginConvo',
  'logCreateMessage',
  'logDeleteMessage',
  'logLeaveConvo',
  'logMuteConvo',
  'logReadConvo',
  'logReadMessage',
  'logRemoveReaction',
  'logUnmuteConvo',
]

const memory = (clock: Clock) => memoryStore(clock)
const sqlite = (clock: Clock) => openSqliteStore({ path: ':memory:', clock })

for (const [seed, storeName, open] of [
  [1, 'memory', memory],
  [2, 'memory', memory],
  [3, 'memory', memory],
  [4, 'memory', memory],
  [5, 'SQLite', sqlite],
  // Once told of a reaction to a message that its reader had left behind, by the rev of a reply's target.
  [31, 'memory', memory],
] as const) {
  test(`story ${seed} (${storeName}): following the log equals fetching again`, () => tell(seed, open))
}

async function tell(seed: number, open: (clock: Clock) => Store): Promise<void> {
  const stage = new Stage(open)
  const cast = names.map(name => stage.actor(name))
  const story = new Story(stage, cast, seed)
  const followers = cast.flatMap(actor => habits.map(habit => new Follower(actor, habit)))
  for (let step = 0; step < steps; step++) {
    const deed = await story.nextDone()
    for (const follower of followers) await follower.live(step, JSON.stringify(deed))
  }
  const told = new Set(followers.flatMap(({ told }) => [...told]))
  assert.deepEqual([...told].sort(), rowTypes, 'the story has everything that can happen')
  await stage.ctx.store.close()
}

/** Tries random deeds, aimed at what is recent, and counts those that were not refused. */
class Story {
  readonly #stage: Stage
  readonly #cast: Actor[]
  readonly #chance: Chance
  readonly #ids = noIds()
  readonly #sent: { convoId: unknown; messageId: string }[] = []
  readonly #reactions: Deed[] = []

  constructor(stage: Stage, cast: Actor[], seed: number) {
    this.#stage = stage
    this.#cast = cast
    this.#chance = randomFrom(seed)
  }

  async nextDone(): Promise<Deed> {
    for (;;) {
      const deed = this.#choose()
      if (untold.test(deed.act)) continue
      const answer = await perform(this.#stage, this.#cast, deed)
      remember(this.#ids, answer)
      if (typeof answer === 'string') continue
      const { convoId } = deed.given
      if (deed.act === 'sendMessage') this.#sent.push({ convoId, messageId: (answer as { id: string }).id })
      if (deed.act === 'addReaction') this.#reactions.push(deed)
      return deed
    }
  }

  #choose(): Deed {
    const { convos, messages } = this.#ids
    const recent = { convos, messages: new Set([...messages].slice(-10)) }
    // Views carry the time of a reaction in milliseconds: two of one moment would have no order.
    const deed = { ...choose(this.#chance, recent, this.#cast.length), ms: 1 }
    const { act, given } = deed
    if (act === 'removeReaction' && this.#reactions.length > 0)
      return { ...this.#chance(this.#reactions.slice(-5)), act }
    if ('messageId' in given && this.#sent.length > 0)
      return { ...deed, given: { ...given, ...this.#chance(this.#sent.slice(-10)) } }
    return deed
  }
}

/** One client of an actor, with its habit, held against a fresh fetch whenever it has looked. */
class Follower {
  readonly told = new Set<string>()
  readonly #actor: Actor
  readonly #habit: Habit
  #client: Client | undefined

  constructor(actor: Actor, habit: Habit) {
    this.#actor = actor
    this.#habit = habit
  }

  async live(step: number, deed: string): Promise<void> {
    const { from, every } = this.#habit
    if (step === from) this.#client = await firstFetch(this.#actor)
    if (!this.#client || step % every > 0) return
    const { client, rows } = await catchUp(this.#actor, this.#client)
    for (const row of rows) this.told.add(row.$type.split('#')[1]!)
    await assertCurrent(this.#actor, client, `step ${step}, ${this.#actor.did}, after ${deed}`)
    this.#client = client
  }
}

async function assertCurrent(actor: Actor, client: Client, when: string): Promise<void> {
  const fresh = await firstFetch(actor)
  assert.equal(client.cursor, fresh.cursor, when)
  assert.deepEqual(listOf(client), [...fresh.convos.values()], when)
  for (const [convoId, held] of client.convos) {
    if (!fresh.convos.has(convoId)) assert.deepEqual(held, await fetchConvo(actor, convoId), when)
  }
}
