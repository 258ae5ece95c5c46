import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wholeLog } from './stage.ts'
import { stores } from './stores.ts'
import { fetchRequests, firstFetch } from './stories/client.ts'
import type { Story } from './stories/deed.ts'
import { keptStories } from './stories/kept-stories.ts'
import { castNames, type Listener, Troupe } from './stories/perform.ts'
import { writeStory } from './stories/write-story.ts'

/**
 * The same story on every store must give the same answers, byte for byte: also refusals, and
 * also what everybody sees afterwards.
 */
for (const [caught, story] of keptStories()) {
  test(`all stores agree: ${caught}`, () => assertAgreement(story))
}
for (const seed of [1, 2, 3, 4, 5, 6]) {
  const story = writeStory({ seed, steps: 600, cast: castNames.length, calm: seed % 2 === 0 })
  test(`all stores agree on story ${seed}`, () => assertAgreement(story))
}

async function assertAgreement(story: Story): Promise<void> {
  const [oracle, ...others] = stores.map(([name, open]) => ({ name, troupe: new Troupe(open) }))
  for (const [step, deed] of story.entries()) {
    const expected = await oracle!.troupe.perform(deed)
    for (const { name, troupe } of others) {
      const when = `step ${step} on ${name}: ${JSON.stringify(deed)}`
      assertSameBytes(await troupe.perform(deed), expected, when)
    }
  }
  for (const [i, actor] of oracle!.troupe.cast.entries()) {
    const expected = await everythingSeenBy(actor)
    for (const { name, troupe } of others) {
      assertSameBytes(await everythingSeenBy(troupe.cast[i]!), expected, `${actor.did} on ${name}`)
    }
  }
  for (const { troupe } of [oracle!, ...others]) await troupe.close()
}

async function everythingSeenBy(actor: Listener): Promise<unknown[]> {
  const { convos, ...rest } = await firstFetch(actor)
  return [rest, [...convos], await fetchRequests(actor), await actor.export(), await wholeLog(actor)]
}

function assertSameBytes(actual: unknown, expected: unknown, when: string): void {
  assert.equal(JSON.stringify(actual, null, 1), JSON.stringify(expected, null, 1), when)
}
