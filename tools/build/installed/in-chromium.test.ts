import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { dirname } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { type Browser, chromium } from 'playwright-core'
import { fakeNetwork } from '../../../packages/sdk/src/fake-network/index.ts'
import { type LoopbackServer, loopbackServer } from '../../../testing/loopback-server.ts'
import { programPath } from '../../../testing/program-path.ts'
import { emptyProject, type Project } from './empty-project.ts'

const run = promisify(execFile)

describe('the SDK, installed in an empty project and bundled for a page', () => {
  let project: Project
  let program: string
  let browser: Browser
  before(async () => {
    project = emptyProject()
    await project.install(['@parley/lexicons', '@parley/sdk'], ['typescript@7.0.2'])
    program = project.add('page.js')
    browser = await chromium.launch({
      executablePath: programPath('chromium'),
      args: ['--disable-gpu', '--disable-background-networking'],
    })
  })
  after(async () => {
    await browser?.close()
    project[Symbol.dispose]()
  })

  it('has declarations that want nothing of Node', async () => {
    const strict = ['--strict', '--skipLibCheck', 'false', '--allowJs', '--checkJs', '--noEmit']
    const how = ['--module', 'esnext', '--moduleResolution', 'bundler', '--lib', 'es2022,dom,dom.iterable']
    const compiler = ['node_modules/typescript/bin/tsc', ...strict, ...how, program]
    const compiled = run(process.execPath, compiler, { cwd: project.folder })
    assert.equal(
      await compiled.then(
        ({ stdout }) => stdout,
        ({ stdout }) => stdout,
      ),
      '',
    )
  })

  it('logs in, hears and sends in Chromium, from an origin that is not the PDS’s', async () => {
    await using net = fakeNetwork({ users: ['alice.test', 'bob.test'] })
    await using pds = await net.listen()
    await using site = await serve(await bundled(program))
    const alice = await net.client('alice.test')
    await alice.dm.send('bob.test', 'Is anybody there?')

    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('pageerror', error => complaints.push(String(error)))
    const query = { service: pds.url, chat: net.chat, password: net.user('bob.test').password }
    await page.goto(`${site.url}/?${new URLSearchParams(query)}`)
    await page.waitForFunction('document.title !== ""', undefined, { timeout: 30_000 })

    assert.equal(await page.title(), 'identity/unresolved')
    assert.deepEqual(complaints, [])
    const convo = await alice.dm.with('bob.test')
    const texts = await Array.fromAsync(convo.messages(), message => 'text' in message && message.text)
    assert.deepEqual(texts, ['Heard: Is anybody there?', 'Is anybody there?'])
  })
})

async function bundled(program: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [program],
    absWorkingDir: dirname(program),
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}

/** A site with one page and its script. */
function serve(script: string): Promise<LoopbackServer> {
  return loopbackServer(({ url }, response) => {
    const isScript = url === '/page.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? script : '<!doctype html><script type="module" src="/page.js"></script>')
  })
}
