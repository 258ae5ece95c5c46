import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { fakeNetwork } from '../../../packages/sdk/src/fake-network/index.ts'
import { emptyProject, type Project } from './empty-project.ts'
import { canRun, nodes } from './nodes.ts'

const run = promisify(execFile)

describe('the CLI, installed', () => {
  let project: Project
  before(async () => {
    project = emptyProject()
    await project.install(['@parley/lexicons', '@parley/sdk', 'parley'])
  })
  after(() => project[Symbol.dispose]())

  for (const [major, node] of Object.entries(nodes)) {
    it(`runs on Node ${major}: logs in, sends, reads, and says what it needs for more`, {
      skip: !canRun(major),
    }, async () => {
      await using net = fakeNetwork({ users: ['alice.test', 'bob.test'] })
      await using pds = await net.listen()
      const program = await node()
      const parley = async (...args: string[]) => {
        const env = {
          ...process.env,
          XDG_STATE_HOME: join(project.folder, `state-${major}`),
          PARLEY_APP_PASSWORD: net.user('alice.test').password,
        }
        const command = join(project.folder, 'node_modules/parley/bin/parley.js')
        return run(program, [command, ...args], { env, timeout: 60_000, cwd: project.folder }).catch(
          error => error,
        )
      }
      await parley('login', 'alice.test', '--service', pds.url, '--chat', net.chat)
      await parley('send', 'bob.test', 'Hello!')
      assert.equal(JSON.parse((await parley('read', 'bob.test')).stdout).text, 'Hello!')
      assert.match((await parley('read', 'bob.test', '--no-json')).stdout, /you .*\n {4}Hello!\n/)

      const dev = await parley('dev')
      assert.equal(dev.code, 1)
      assert.match(dev.stderr, /@parley\/devnet is not installed\nhint: .*Node 24/)
      const made = await parley('init', `bot-${major}`, '--no-devnet', '--no-install')
      assert.equal(made.code, undefined)
      assert.match(made.stderr, /^Fill in .*\.env before you start it/)
    })
  }
})
