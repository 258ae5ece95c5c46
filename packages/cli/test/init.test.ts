import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rmdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { Devnet } from '@parley/devnet'
import { Client } from '@parley/sdk'
import { envFileOf } from '../src/init/bot-account.ts'
import { handleNameOf, makeDevnetAccount } from '../src/init/devnet-account.ts'
import { Stage } from './stage.ts'

describe('init', () => {
  test('makes a bot that answers on a devnet as soon as it is started', async () => {
    await using net = await Devnet.create()
    await using stage = await Stage.open()
    const fetchThis: typeof fetch = (input, init) => fetch(input, init)
    const devnet = { pds: net.pds.url, page: net.web }
    const taken = await makeDevnetAccount({ devnet, name: 'my-bot', fetch: fetchThis })
    assert.equal(taken.identifier, 'my-bot.test')
    const made = await stage.parley(['init', 'My Bot'], {
      env: { ...process.env, PARLEY_DEVNET: net.web } as Record<string, string>,
      fetch: fetchThis,
    })
    assert.equal(made.code, 0, made.stderr)
    const [{ dir, identifier, ...rest }] = made.json
    assert.deepEqual([identifier, rest.devnet], ['my-bot-2.test', true])
    assert.equal((await stat(join(dir, '.env'))).mode & 0o777, 0o600)
    assert.match(await readFile(join(dir, '.gitignore'), 'utf8'), /^\.env$/m)

    const bot = spawn('npm', ['start'], { cwd: dir, stdio: ['ignore', 'pipe', 'ignore'], detached: true })
    try {
      for (let said = ''; !said.includes('is listening'); ) said += (await once(bot.stdout, 'data'))[0]
      const alice = new Client(net.pds.url)
      const { handle, appPassword } = net.account('alice.test')
      await alice.login(handle, appPassword)
      const convo = await alice.dm.with(identifier)
      const answer = convo.waitFor('message', { from: identifier, timeoutMs: 60_000 })
      await convo.send('/ping')
      assert.equal((await answer).message.text, 'pong')
    } finally {
      const ended = once(bot, 'close')
      // npm, its shell and the bot, which writes into its folder until it has ended.
      process.kill(-bot.pid!, 'SIGTERM')
      await ended
    }
  })

  test('names no other account where the handle is taken', async () => {
    assert.deepEqual([handleNameOf('My Bot!', 1), handleNameOf('My Bot!', 2)], ['my-bot', 'my-bot-2'])
    for (const name of ['x', '---', 'ünï', 'a-very-long-name-for-a-bot'])
      assert.match(handleNameOf(name, 9), /^[a-z0-9][a-z0-9-]{1,16}[a-z0-9]$/)
  })

  test('leaves a folder alone that is not empty', async () => {
    await using stage = await Stage.open()
    await mkdir(join(stage.home, 'full'))
    await writeFile(join(stage.home, 'full', 'file'), '')
    assert.equal((await stage.parley(['init', 'full', '--no-devnet', '--no-install'])).code, 2)
  })

  test('that fails leaves nothing, and can be tried again', async () => {
    await using stage = await Stage.open()
    const before = process.env.TMPDIR
    // Where the SDK would be built.
    process.env.TMPDIR = join(stage.home, 'missing')
    try {
      assert.equal((await stage.parley(['init', 'bot', '--no-devnet', '--no-install'])).code, 1)
    } finally {
      if (before === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = before
    }
    assert.deepEqual(await readdir(stage.home), [])
  })

  test('takes an account that is there, and says what is missing of it', async () => {
    await using stage = await Stage.open()
    const args = ['--identifier', 'bot.example.com', '--service', 'pds.example.com', '--no-install']
    const built = join(fileURLToPath(new URL('../../../dist', import.meta.url)), 'of-an-earlier-build')
    await mkdir(built, { recursive: true })
    const { code, stdout, stderr } = await stage.parley(['init', 'own', ...args, '--no-json'])
    assert.equal(code, 0, stderr)
    // What was built before is no business of a bot's.
    await rmdir(built)
    assert.deepEqual(await readdir(stage.home), ['own'])
    assert.match(stdout, /Put its account into own\/\.env/)
    const kept = parseEnv(await readFile(join(stage.home, 'own', '.env'), 'utf8'))
    assert.deepEqual(
      { ...kept },
      {
        PARLEY_IDENTIFIER: 'bot.example.com',
        PARLEY_APP_PASSWORD: '',
        PARLEY_PDS: 'https://pds.example.com',
      },
    )
  })

  test('writes values that Node reads as they are', () => {
    const account = {
      identifier: 'a.test',
      appPassword: "a'b#c $d\\n",
      pds: 'https://p',
      chat: 'did:web:c#bsky_chat',
    }
    const { PARLEY_APP_PASSWORD, PARLEY_CHAT } = parseEnv(envFileOf(account))
    assert.deepEqual([PARLEY_APP_PASSWORD, PARLEY_CHAT], [account.appPassword, account.chat])
  })
})
