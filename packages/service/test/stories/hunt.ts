import type { Clock } from '../../src/clock.ts'
import type { Store } from '../../src/store/store.ts'
import type { Story } from './deed.ts'
import { shrink } from './shrink.ts'
import { type Failure, tell } from './tell.ts'

/** Tries of shrinking one story: some seconds. */
const shrinkTriesMax = 400

/** What a story broke, and the shortest story found that breaks the same. */
export interface Found {
  failure: Failure
  story: Story
}

/** Shrinks a story that is known to fail. */
export async function explain(story: Story, failure: Failure, open: (clock: Clock) => Store): Promise<Found> {
  const until = story.slice(0, failure.step + 1)
  const stillFails = async (shorter: Story) => (await tell(shorter, open)).failure?.what === failure.what
  const shrunk = await shrink(until, stillFails, shrinkTriesMax)
  return { failure: (await tell(shrunk, open)).failure ?? failure, story: shrunk }
}

/** For whoever reads it, and ready to be kept as a file. */
export function describeFound({ failure, story }: Found): string {
  const deeds = story.map(deed => `  ${JSON.stringify(deed)}`).join(',\n')
  return `${failure.message}\nKeep it in test/stories/kept under a name that says what it caught:\n[\n${deeds}\n]`
}
