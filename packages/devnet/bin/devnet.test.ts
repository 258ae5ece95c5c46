import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Network } from '../src/network.ts'

const command = fileURLToPath(new URL('devnet.js', import.meta.url))

interface Running {
  child: ChildProcess
  /** All of standard output, once the process has ended. */
  stdout: Promise<string>
  stderr: Promise<string>
}

describe('the command', () => {
  let temporary: string
  before(async () => {
    temporary = await mkdtemp(join(tmpdir(), 'parley-command-'))
  })
  after(() => rm(temporary, { recursive: true, force: true }))

  function start(...args: string[]): Running {
    // The logs of the PDS go to standard output where they are on.
    const env = { ...process.env, TMPDIR: temporary, LOG_ENABLED: 'true' }
    const child = spawn(process.execPath, [command, ...args], { env, stdio: 'pipe' })
    return { child, stdout: text(child.stdout!), stderr: text(child.stderr!) }
  }

  async function assertNothingIsLeft({ plc, pds, chat, web }: Network): Promise<void> {
    for (const url of [plc, pds, chat.url, web]) await assert.rejects(fetch(url), url)
    assert.deepEqual(await readdir(temporary), [])
  }

  test('prints one line for programs and leaves nothing behind when told to stop', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const { child, stdout, stderr } = start('--json')
      const [firstLine] = (await once(child.stdout!, 'data')) as [Buffer]
      const network = JSON.parse(firstLine.toString()) as Network
      assert.deepEqual(Object.keys(network), ['plc', 'pds', 'chat', 'web', 'accounts'])
      assert.deepEqual(Object.keys(network.accounts[0]!), [
        'handle',
        'did',
        'password',
        'appPassword',
        'appPasswordWithoutDm',
        'allowIncoming',
      ])
      assert.ok((await fetch(`${network.pds}/xrpc/_health`)).ok)
      child.kill(signal)
      assert.deepEqual(await once(child, 'exit'), [0, null])
      assert.equal(await stdout, `${JSON.stringify(network)}\n`)
      assert.equal(await stderr, '')
      await assertNothingIsLeft(network)
    }
  })

  test('ends with its standard input where it was asked to', async () => {
    const { child } = start('--json', '--until-stdin-closes')
    const [line] = (await once(child.stdout!, 'data')) as [Buffer]
    child.stdin!.end()
    assert.deepEqual(await once(child, 'exit'), [0, null])
    await assertNothingIsLeft(JSON.parse(line.toString()) as Network)
  })

  test('ends with the shell that npm started it from', async () => {
    const script = `"${process.execPath}" "${command}" --json; exit`
    const env = { ...process.env, TMPDIR: temporary, npm_lifecycle_event: 'devnet' }
    const shell = spawn('sh', ['-c', script], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = (await once(shell.stdout, 'data')) as [Buffer]
    shell.kill('SIGTERM')
    // Open for as long as the command, which has inherited it, lives.
    await once(shell.stdout, 'close')
    await assertNothingIsLeft(JSON.parse(line.toString()) as Network)
  })

  test('keeps the data where it is told to', async () => {
    const folder = join(temporary, 'kept')
    const { child } = start('--json', '--data', folder)
    await once(child.stdout!, 'data')
    child.kill('SIGTERM')
    assert.deepEqual(await once(child, 'exit'), [0, null])
    assert.ok(existsSync(join(folder, 'accounts.json')))
    await rm(folder, { recursive: true })
  })

  test('shows people a table, and says which port is taken', async () => {
    const first = start('--ports', 'free')
    const [table] = (await once(first.child.stdout!, 'data')) as [Buffer]
    const web = /http:\/\/localhost:(\d+)\/network\.json/.exec(table.toString())?.[1]
    assert.match(table.toString(), /are gone: --data DIR/)
    assert.match(table.toString(), /alice\.test +alice-password +\w{4}-/)

    const second = start('--json', '--ports', `web=${web}`)
    assert.deepEqual(await once(second.child, 'exit'), [1, null])
    assert.equal(await second.stdout, '')
    assert.match(
      await second.stderr,
      new RegExp(`^Port ${web}, meant for the web page, is taken\\..*--ports free`, 's'),
    )

    first.child.kill('SIGINT')
    await once(first.child, 'exit')
    assert.deepEqual(await readdir(temporary), [])
  })

  test('explains itself, and refuses what it does not understand', async () => {
    const help = start('--help')
    assert.match(await help.stdout, /--until-stdin-closes/)
    const wrong = start('--prots', 'free')
    assert.deepEqual(await once(wrong.child, 'exit'), [1, null])
    assert.match(await wrong.stderr, /--prots.*Usage:/s)
  })
})
