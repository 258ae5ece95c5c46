import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Story } from './deed.ts'
import { shrink } from './shrink.ts'
import { writeStory } from './write-story.ts'

const story = writeStory({ seed: 1, steps: 120, cast: 4, calm: true })
const sends = (deeds: Story) => deeds.filter(({ act }) => act === 'sendMessage').length

test('a story is cut down to the deeds that matter, said plainly', async () => {
  const shrunk = await shrink(story, async shorter => sends(shorter) >= 2, 1000)
  assert.deepEqual(
    shrunk.map(({ act }) => act),
    ['sendMessage', 'sendMessage'],
  )
  for (const { ms, given } of shrunk) {
    assert.equal(ms, undefined)
    assert.deepEqual(Object.keys(given!), ['convoId', 'message'])
    assert.deepEqual(Object.keys(given!.message as object), ['text'])
  }
})

test('shrinking ends after so many tries, with a story that still fails', async () => {
  let tries = 0
  const shrunk = await shrink(
    story,
    async shorter => {
      tries += 1
      return sends(shorter) >= 2
    },
    5,
  )
  assert.equal(tries, 5)
  assert.ok(sends(shrunk) >= 2)
  assert.ok(shrunk.length < story.length)
})
