import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { fakeNetwork } from '../../../packages/sdk/src/fake-network/index.ts'
import { emptyProject, type Project } from './empty-project.ts'
import { canRun, nodes } from './nodes.ts'

const run = promisify(execFile)

describe('the SDK, installed in an empty project', () => {
  let project: Project
  let complaints: string
  before(async () => {
    project = emptyProject()
    await project.install(['@parley/lexicons', '@parley/sdk'], ['typescript@7.0.2', '@types/node@20.19.43'])
    const program = project.add('uses-everything.ts')
    complaints = await compile(program, project.folder)
  })
  after(() => project[Symbol.dispose]())

  it('has declarations that a strict compiler believes, all of them', () => {
    assert.equal(complaints, '')
  })

  for (const [major, node] of Object.entries(nodes)) {
    it(`runs on Node ${major}: reads, sends, listens and answers`, { skip: !canRun(major) }, async () => {
      await using net = fakeNetwork({ users: ['alice.test', 'bob.test'] })
      await using pds = await net.listen()
      const cwd = join(project.folder, `on-${major}`)
      mkdirSync(cwd)
      const program = join(project.folder, 'uses-everything.js')
      const passwords = net.users.map(({ password }) => password)
      const { stdout } = await run(await node(), [program, pds.url, net.chat, ...passwords], {
        cwd,
        timeout: 60_000,
      })
      assert.deepEqual(JSON.parse(stdout), {
        node: major,
        answer: 'pong here 1',
        members: [['alice.test', 'bob.test']],
        refusal: 'identity/unresolved',
      })
    })
  }
})

/** Leaves JavaScript beside the program. Gives what the compiler has to say. */
async function compile(program: string, cwd: string): Promise<string> {
  const strict = ['--strict', '--skipLibCheck', 'false', '--exactOptionalPropertyTypes']
  const how = ['--module', 'nodenext', '--target', 'es2022', '--types', 'node']
  const compiler = ['node_modules/typescript/bin/tsc', ...strict, ...how, program]
  return run(process.execPath, compiler, { cwd }).then(
    () => '',
    ({ stdout }) => stdout,
  )
}
