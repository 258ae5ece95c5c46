/**
 * Tells random stories for as long as you like; the first that fails is shrunk and printed, ready to be kept.
 * `STORY_SEED` is the first seed, `STORY_COUNT` how many stories, `STORY_STEPS` how many deeds each has.
 *
 *   STORY_SEED=1000 STORY_COUNT=500 STORY_STEPS=300 node packages/service/test/stories/run.ts
 */
import { memoryStore } from '../../src/store/memory/memory-store.ts'
import { describeFound, explain } from './hunt.ts'
import { castNames } from './perform.ts'
import { tell } from './tell.ts'
import { writeStory } from './write-story.ts'

const from = Number(process.env.STORY_SEED ?? 1)
const count = Number(process.env.STORY_COUNT ?? 100)
const steps = Number(process.env.STORY_STEPS ?? 200)

const rowTypes = new Set<string>()
for (let seed = from; seed < from + count; seed++) {
  const story = writeStory({ seed, steps, cast: castNames.length, calm: seed % 2 === 1 })
  const told = await tell(story, memoryStore)
  for (const type of told.rowTypes) rowTypes.add(type)
  if (!told.failure) continue
  console.log(`seed ${seed}, step ${told.failure.step}: ${told.failure.what}`)
  console.log(describeFound(await explain(story, told.failure, memoryStore)))
  process.exitCode = 1
  break
}
console.log(`${rowTypes.size} types of rows`)
