import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { emptyProject, type Project } from '../../tools/build/installed/empty-project.ts'
import { programs } from './programs.ts'
import { bundledBytes } from './sizes.ts'

describe('what the installed SDK weighs in a browser', () => {
  let project: Project
  before(async () => {
    project = emptyProject()
    await project.install(['@parley/lexicons', '@parley/sdk'])
  })
  after(() => project[Symbol.dispose]())

  for (const [what, { source, bytesMax }] of Object.entries(programs))
    it(`${what}: at most ${bytesMax / 1024} KB`, async () => {
      const bytes = await bundledBytes(source, project.folder)
      assert.ok(bytes <= bytesMax, `${(bytes / 1024).toFixed(1)} KB`)
    })
})
