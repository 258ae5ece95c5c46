import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryStore } from '../src/store/memory/memory-store.ts'
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts'
import { wholeLog } from './stage.ts'
import { fetchRequests, firstFetch } from './stories/client.ts'
import type { Story } from './stories/deed.ts'
import { keptStories } from './stories/kept-stories.ts'
import { castNames, type Listener, Troupe } from './stories/perform.ts'
import { writeStory } from './stories/write-story.ts'

/**
 * The same story on the memory store and on SQLite must give the same answers, byte for byte: also refusals, and
 * also what everybody sees afterwards.
 */
for (const [caught, story] of keptStories()) {
  test(`memory and SQLite agree: ${caught}`, () => assertAgreement(story))
}
for (const seed of [1, 2, 3, 4, 5, 6]) {
  const story = writeStory({ seed, steps: 600, cast: castNames.length, calm: seed % 2 === 0 })
  test(`memory and SQLite agree on story ${seed}`, () => assertAgreement(story))
}

async function assertAgreement(story: Story): Promise<void> {
  const memory = new Troupe(memoryStore)
  const sqlite = new Troupe(clock => openSqliteStore({ path: ':memory:', clock }))
  for (const [step, deed] of story.entries()) {
    const [expected, actual] = [await memory.perform(deed), await sqlite.perform(deed)]
    assertSameBytes(actual, expected, `step ${step}: ${JSON.stringify(deed)}`)
  }
  for (const [i, actor] of memory.cast.entries()) {
    const expected = await everythingSeenBy(actor)
    assertSameBytes(await everythingSeenBy(sqlite.cast[i]!), expected, actor.did)
  }
  await memory.close()
  await sqlite.close()
}

async function everythingSeenBy(actor: Listener): Promise<unknown[]> {
  const { convos, ...rest } = await firstFetch(actor)
  return [rest, [...convos], await fetchRequests(actor), await actor.export(), await wholeLog(actor)]
}

function assertSameBytes(actual: unknown, expected: unknown, when: string): void {
  assert.equal(JSON.stringify(actual, null, 1), JSON.stringify(expected, null, 1), when)
}
