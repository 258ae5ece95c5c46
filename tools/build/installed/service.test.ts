import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { emptyProject, type Project } from './empty-project.ts'
import { canRun, nodes } from './nodes.ts'

const run = promisify(execFile)

describe('the service, installed in an empty project', () => {
  let project: Project
  before(async () => {
    project = emptyProject()
    await project.install(['@parley/lexicons', '@parley/sdk'])
    project.add('tests-itself.js')
  })
  after(() => project[Symbol.dispose]())

  const testItself = (node = process.execPath) => run(node, ['tests-itself.js'], { cwd: project.folder })

  it('is what the SDK’s fake network asks for where it is missing', async () => {
    await assert.rejects(testItself(), /package @parley\/service/)
  })

  it('makes the fake network work', async () => {
    await project.install(['@parley/lexicons', '@parley/sdk', '@parley/service'])
    assert.equal((await testItself()).stdout, 'alice.test: 1\n')
  })

  it('listens, with workers for HTTP, and knows its version', async t => {
    const program = join(project.folder, 'node_modules/.bin/parley-service')
    const service = spawn(process.execPath, [program], {
      cwd: project.folder,
      env: {
        PARLEY_HOSTNAME: 'chat.test',
        PARLEY_DATABASE: ':memory:',
        PARLEY_PORT: '0',
        PARLEY_HTTP_WORKERS: '1',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    t.after(() => service.kill('SIGKILL'))
    const [line] = await once(service.stdout, 'data')
    const [, url] = /listens on (http\S+)/.exec(String(line)) ?? assert.fail(String(line))
    const health = await fetch(new URL('/xrpc/_health', url))
    assert.deepEqual(await health.json(), { version: '0.1.0' })
    service.kill()
    assert.deepEqual(await once(service, 'exit'), [0, null])
  })

  it('says on an older Node which one it needs', { skip: !canRun('20') }, async () => {
    const program = join(project.folder, 'node_modules/.bin/parley-service')
    await assert.rejects(run(await nodes[20]!(), [program]), /Parley needs Node 24 or newer/)
  })
})
