import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bundledBytes, programs } from './sizes.ts'

describe('what the SDK weighs in a browser', () => {
  for (const [what, { source, bytesMax }] of Object.entries(programs))
    it(`${what}: at most ${bytesMax / 1024} KB`, async () => {
      const bytes = await bundledBytes(source)
      assert.ok(bytes <= bytesMax, `${(bytes / 1024).toFixed(1)} KB`)
    })
})
