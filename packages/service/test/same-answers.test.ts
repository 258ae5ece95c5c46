import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryStore } from '../src/store/memory/memory-store.ts'
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts'
import { answerOf, choose, noIds, perform, randomFrom, remember } from './random-story.ts'
import { type Actor, Stage, wholeLog } from './stage.ts'

/**
 * The same random story on the memory store and on SQLite must give the same answers, letter by letter:
 * also refusals, and also what everybody sees afterwards.
 */
const names = ['alice', 'bob', 'carla', 'dave']
const steps = 400

for (const seed of [1, 2, 3, 4]) {
  test(`story ${seed}: memory and SQLite agree`, async () => {
    const chance = randomFrom(seed)
    const stages = [new Stage(memoryStore), new Stage(clock => openSqliteStore({ path: ':memory:', clock }))]
    const casts = stages.map(stage =>
      names.map(name => stage.actor(name, name === 'dave' ? 'following' : 'all')),
    )
    const ids = noIds()
    for (let step = 0; step < steps; step++) {
      const deed = choose(chance, ids, names.length)
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

async function everythingSeenBy(actor: Actor): Promise<unknown[]> {
  const list = (await answerOf(actor, 'listConvos', {})) as { convos: { id: string }[] }
  const histories = await Promise.all(
    list.convos.map(({ id }) => answerOf(actor, 'getMessages', { convoId: id })),
  )
  return [list, histories, await wholeLog(actor), await answerOf(actor, 'getUnreadCounts', {})]
}
