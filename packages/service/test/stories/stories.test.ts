import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { memoryStore } from '../../src/store/memory/memory-store.ts'
import { type OpenStore, postgresStore, sqliteStore, stores } from '../stores.ts'
import type { Story } from './deed.ts'
import { describeFound, explain } from './hunt.ts'
import { keptStories } from './kept-stories.ts'
import { castNames } from './perform.ts'
import { tell } from './tell.ts'
import { writeStory } from './write-story.ts'

/**
 * Random stories of several accounts, and after every deed all promises of `tell`. Whatever fails is shrunk and
 * printed as a story to keep. For longer runs: run.ts.
 */
for (const [caught, story] of keptStories()) {
  test(`does not come back: ${caught}`, async () => {
    for (const [, open] of stores) await assertHolds(story, open)
  })
}

const told = new Set<string>()
const calm = { steps: 200, calm: true }
const wild = { steps: 200, calm: false }

for (const [seed, plot, storeName, open] of [
  [3, calm, 'memory', memoryStore],
  [11, calm, 'memory', memoryStore],
  [21, calm, 'memory', memoryStore],
  [23, calm, 'SQLite', sqliteStore],
  [4, wild, 'memory', memoryStore],
  [8, wild, 'memory', memoryStore],
  [10, wild, 'memory', memoryStore],
  [16, wild, 'SQLite', sqliteStore],
  [3, { steps: 80, calm: true }, 'PostgreSQL', postgresStore],
  [16, { steps: 80, calm: false }, 'PostgreSQL', postgresStore],
] as const) {
  test(`story ${seed} (${plot.calm ? 'calm' : 'wild'}, ${storeName}) keeps every promise`, async () => {
    const story = writeStory({ seed, ...plot, cast: castNames.length })
    for (const type of await assertHolds(story, open)) told.add(type)
  })
}

// All that chat.bsky.convo.getLog can tell.
after(() => assert.equal(told.size, 30, `the stories have only ${[...told].sort().join(', ')}`))

async function assertHolds(story: Story, open: OpenStore): Promise<ReadonlySet<string>> {
  const { failure, rowTypes } = await tell(story, open)
  if (failure) assert.fail(describeFound(await explain(story, failure, open)))
  return rowTypes
}
