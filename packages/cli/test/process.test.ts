import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { on, once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type FakeNetwork, fakeNetwork, type Listening } from '@parley/sdk/testing'

const command = fileURLToPath(new URL('../bin/parley.js', import.meta.url))

/** The first line that holds `part`, whole, in however many pieces it comes. */
async function lineWith(part: string, stream: Readable): Promise<string> {
  let said = ''
  for await (const [piece] of on(stream, 'data', { close: ['end'] })) {
    said += piece
    const found = said
      .split('\n')
      .slice(0, -1)
      .find(line => line.includes(part))
    if (found !== undefined) return found
  }
  throw new Error(`it ended without: ${part}`)
}

describe('the program', () => {
  let net: FakeNetwork
  let listening: Listening
  let home: string
  before(async () => {
    net = fakeNetwork({ users: ['alice.test', 'bob.test'] })
    listening = await net.listen()
    home = await mkdtemp(join(tmpdir(), 'parley-process-'))
    const { child } = start('login', 'alice.test', '--service', listening.url, '--chat', net.chat)
    child.stdin!.end(net.user('alice.test').password)
    assert.deepEqual(await once(child, 'exit'), [0, null])
  })
  after(async () => {
    await listening[Symbol.asyncDispose]()
    await rm(home, { recursive: true })
  })

  function start(...args: string[]): {
    child: ChildProcess
    stdout: Promise<string>
    stderr: Promise<string>
  } {
    const env = { ...process.env, XDG_STATE_HOME: home }
    const child = spawn(process.execPath, [command, ...args], { env, stdio: 'pipe' })
    return { child, stdout: text(child.stdout!), stderr: text(child.stderr!) }
  }

  test('ends with its exit code, and says on standard error why', async () => {
    const good = start('whoami')
    assert.deepEqual(await once(good.child, 'exit'), [0, null])
    assert.equal(JSON.parse(await good.stdout).handle, 'alice.test')
    const wrong = start('read', 'nobody.test')
    assert.deepEqual(await once(wrong.child, 'exit'), [5, null])
    assert.equal(await wrong.stdout, '')
    assert.match(await wrong.stderr, /^parley: nobody\.test .*\nhint: /)
  })

  test('ends quietly when whoever reads it has seen enough', async () => {
    const alice = await net.client('alice.test')
    const convo = await alice.dm.with('bob.test')
    for (let number = 0; number < 30; number += 1) await convo.send(`${number} ${'long '.repeat(150)}`)
    const script = `"${process.execPath}" "${command}" read bob.test -n 100 | head -1; echo "\${PIPESTATUS[0]}"`
    const env = { ...process.env, XDG_STATE_HOME: home }
    const shell = spawn('bash', ['-c', script], { env, stdio: 'pipe' })
    const [said, complained] = await Promise.all([text(shell.stdout), text(shell.stderr)])
    assert.equal(complained, '')
    const lines = said.trim().split('\n')
    assert.equal(lines.length, 2)
    assert.equal(lines[1], '0')
  })

  test('ends cleanly with Ctrl-C, and goes on from there', async () => {
    const bob = await net.client('bob.test')
    const cursor = join(home, 'cursor')
    const first = start('tail', '--cursor-file', cursor)
    // It listens when it has kept where it begins.
    while ((await readFile(cursor, 'utf8').catch(() => '')) === '')
      await new Promise(later => setTimeout(later, 20))
    await bob.dm.send('alice.test', 'one')
    await lineWith('"text":"one"', first.child.stdout!)
    first.child.kill('SIGINT')
    assert.deepEqual(await once(first.child, 'exit'), [130, null])
    assert.equal(await first.stderr, '')

    await bob.dm.send('alice.test', 'two')
    const next = start('tail', '--cursor-file', cursor)
    await lineWith('"text":"two"', next.child.stdout!)
    next.child.kill('SIGTERM')
    assert.deepEqual(await once(next.child, 'exit'), [143, null])
  })

  test('runs the service until it is told to stop, with the settings that it was given', async () => {
    const database = join(home, 'chat.sqlite')
    const { child } = start('serve', '--hostname', 'localhost:1', '--port', '0', '--database', database)
    assert.match(await lineWith('listens', child.stdout!), /^did:web:localhost%3A1 listens on http:/)
    child.kill('SIGTERM')
    assert.deepEqual(await once(child, 'exit'), [143, null])
    assert.ok((await readFile(database)).length > 0)
  })

  test('runs a devnet, on which an app password without messages is no login, and which ends with its standard input', async () => {
    const { child, stderr } = start('dev', '--json', '--until-stdin-closes')
    const { pds, accounts } = JSON.parse(await lineWith('accounts', child.stdout!))

    // Of a real PDS: an app password that opens no messages is no login.
    const login = start('login', accounts[0].handle, '--service', pds)
    login.child.stdin!.end(accounts[0].appPasswordWithoutDm)
    assert.deepEqual(await once(login.child, 'exit'), [3, null])
    assert.match(
      await login.stderr,
      /may not use direct messages\nhint: .*App passwords.* log in with it\.\n$/,
    )
    assert.equal(JSON.parse(await start('whoami').stdout).service, listening.url)

    child.stdin!.end()
    assert.deepEqual(await once(child, 'exit'), [0, null])
    assert.equal(await stderr, '')
    await assert.rejects(fetch(pds))
  })
})
