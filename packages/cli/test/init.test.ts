import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rmdir, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { Devnet } from '@parley/devnet'
import { Client } from '@parley/sdk'
import { freePort } from '../../../testing/free-port.ts'
import { envFileOf } from '../src/init/bot-account.ts'
import { handleNameOf, makeDevnetAccount } from '../src/init/devnet-account.ts'
import { RunningBot } from './running-bot.ts'
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

    {
      await using bot = RunningBot.start(dir)
      await bot.says('is listening')
      const alice = new Client(net.pds.url)
      const { handle, appPassword } = net.account('alice.test')
      await alice.login(handle, appPassword)
      const convo = await alice.dm.with(identifier)
      const answer = convo.waitFor('message', { from: identifier, timeoutMs: 60_000 })
      await convo.send('/ping')
      assert.equal((await answer).message.text, 'pong')
      const group = await alice.dm.createGroup('Club', [identifier])
      await group.send('hello all')
      const inGroup = group.waitFor('message', { from: identifier, timeoutMs: 60_000 })
      await group.send('/ping')
      assert.equal((await inGroup).message.text, 'pong')
    }

    const env = join(dir, '.env')
    const { PARLEY_PDS } = parseEnv(await readFile(env, 'utf8'))
    await writeFile(
      env,
      `KEPT=1\nPARLEY_IDENTIFIER=nobody.test\nPARLEY_APP_PASSWORD=x\nPARLEY_PDS=${PARLEY_PDS}\n`,
    )
    {
      await using bot = RunningBot.start(dir)
      assert.equal(await bot.ended, 1)
      assert.match(bot.said, /Check the handle and the password/)
      assert.doesNotMatch(bot.said, /^ +at /m)
    }
    const renewed = await stage.parley(['init', 'My Bot', '--renew'], {
      env: { ...process.env, PARLEY_DEVNET: net.web } as Record<string, string>,
      fetch: fetchThis,
    })
    assert.equal(renewed.json[0]?.identifier, 'my-bot-3.test', renewed.stderr)
    assert.match(await readFile(env, 'utf8'), /^KEPT=1\nPARLEY_IDENTIFIER='my-bot-3\.test'$/m)
    await using bot = RunningBot.start(dir)
    await bot.says('my-bot-3.test is listening')
  })

  test('makes a bot that waits for a network that is not up yet, and says so', async () => {
    await using stage = await Stage.open()
    const port = await freePort()
    const made = await stage.parley(['init', 'bot', '--service', `http://localhost:${port}`], {
      env: { ...process.env, PARLEY_IDENTIFIER: 'bot.test', PARLEY_APP_PASSWORD: 'x' } as Record<
        string,
        string
      >,
    })
    assert.equal(made.code, 0, made.stderr)
    await using bot = RunningBot.start(join(stage.home, 'bot'))
    await bot.says('Trying again for two minutes')
    assert.doesNotMatch(bot.said, /^ +at /m)
    const answering = createServer((_request, response) => response.writeHead(401).end('{"error":"No"}'))
    await once(answering.listen(port, '127.0.0.1'), 'listening')
    assert.equal(await bot.ended, 1)
    answering.close()
  })

  test('renews only what is a bot, and with an account', async () => {
    await using stage = await Stage.open()
    const { code, stderr } = await stage.parley(['init', 'nothing', '--renew', '--no-devnet'])
    assert.equal(code, 2)
    assert.match(stderr, /holds no bot/)
    await stage.parley(['init', 'bot', '--no-devnet', '--no-install'])
    assert.equal((await stage.parley(['init', 'bot', '--renew', '--no-devnet'])).code, 2)
    const again = await stage.parley(['init', 'bot', '--no-devnet'])
    assert.match(again.stderr, /--renew/)
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
    assert.match(stderr, /Fill in own\/\.env before you start it: PARLEY_APP_PASSWORD is empty\./)
    assert.match(stdout, /cd own && npm install && npm start/)
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
