import assert from 'node:assert/strict'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, test } from 'node:test'
import { serviceFrom } from '../src/commands/login.ts'
import { main } from '../src/main.ts'
import { Gathering, Stage } from './stage.ts'

/** Every file below a folder, with its mode and text. */
async function filesOf(folder: string): Promise<{ path: string; mode: number; text: string }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return Promise.all(
    entries
      .filter(entry => entry.isFile())
      .map(async entry => {
        const path = join(entry.parentPath, entry.name)
        return { path, mode: (await stat(path)).mode & 0o777, text: await readFile(path, 'utf8') }
      }),
  )
}

describe('logging in', () => {
  test('keeps the session for its owner only, and the password nowhere', async () => {
    await using stage = await Stage.open()
    await stage.loggedIn('alice.test')
    const files = await filesOf(stage.home)
    assert.ok(files.some(({ path }) => path.endsWith('.local/state/parley/sessions.json')))
    for (const { path, mode, text } of files) {
      assert.equal(mode, 0o600, path)
      assert.ok(!text.includes(stage.net.user('alice.test').password), path)
    }
  })

  test('keeps it where XDG_STATE_HOME says, unless that is relative', async () => {
    await using stage = await Stage.open()
    const { password } = stage.net.user('alice.test')
    const env = { XDG_STATE_HOME: join(stage.home, 'state'), PARLEY_APP_PASSWORD: password }
    assert.equal((await stage.parley(['login', 'alice.test', ...stage.where], { env })).code, 0)
    assert.ok((await readdir(join(stage.home, 'state', 'parley'))).includes('sessions.json'))
    assert.equal((await stage.parley(['whoami'], { env })).json[0].handle, 'alice.test')
    assert.equal((await stage.parley(['whoami'], { env: { XDG_STATE_HOME: 'state' } })).code, 3)
  })

  test('is by http at addresses of this machine, and by TLS elsewhere, where no scheme is given', () => {
    const cases = {
      'localhost:2583': 'http://localhost:2583',
      '127.0.0.1:2583': 'http://127.0.0.1:2583',
      'https://localhost:2583': 'https://localhost:2583',
      'pds.example.com': 'https://pds.example.com',
      'localhost.example.com:1': 'https://localhost.example.com:1',
    }
    for (const [given, meant] of Object.entries(cases)) assert.equal(serviceFrom(given), meant)
  })

  test('sends no password to another machine without TLS', async () => {
    await using stage = await Stage.open()
    const asked: string[] = []
    const fetchThis: typeof fetch = async input => {
      asked.push(input instanceof Request ? input.url : String(input))
      throw new TypeError('fetch failed')
    }
    const login = async (service: string) =>
      stage.parley(['login', 'alice.test', '--service', service], { stdin: 'secret', fetch: fetchThis })
    for (const service of ['http://pds.example.com', 'http://127.0.0.1.example.com', 'http://192.168.1.2']) {
      const { code, stderr } = await login(service)
      assert.equal(code, 2)
      assert.match(stderr, /\nhint: Give https:/)
    }
    assert.deepEqual(asked, [])
    for (const service of ['http://localhost:2583', 'http://127.0.0.1:1', 'http://[::1]:1'])
      assert.equal((await login(service)).code, 6)
  })

  test('takes all that it needs from the environment', async () => {
    await using stage = await Stage.open()
    const { service, chat } = stage.net
    const env = {
      PARLEY_IDENTIFIER: 'alice.test',
      PARLEY_APP_PASSWORD: stage.net.user('alice.test').password,
      PARLEY_PDS: service,
      PARLEY_CHAT: chat,
    }
    const { code, json } = await stage.parley(['login'], { env })
    assert.equal(code, 0)
    assert.deepEqual(json, [{ did: stage.net.user('alice.test').did, handle: 'alice.test', service, chat }])
  })

  test('asks at a terminal, and shows no password', async () => {
    await using stage = await Stage.open()
    const { password } = stage.net.user('alice.test')
    const typed = ['alice.test\r', `${password}\r`]
    const { code, stdout, stderr } = await stage.parley(['login', ...stage.where], { terminal: 80, typed })
    assert.equal(code, 0, stderr)
    assert.match(stdout, /Logged in as .*alice\.test.*Commands run as this account/)
    assert.ok(!stderr.includes(password))
  })

  test('asks for the second factor, or takes it from the command line', async () => {
    await using stage = await Stage.open()
    const { net } = stage
    // The network knows no second factors: this stands before its PDS.
    const fetchThis: typeof fetch = async (input, init) => {
      const asked = String(init?.body ?? '')
      const isLogin = String(input instanceof Request ? input.url : input).endsWith('createSession')
      if (!isLogin || asked.includes('"authFactorToken":"AB-12"')) return net.fetch(input, init)
      const error = { error: 'AuthFactorTokenRequired', message: 'A sign in code has been sent' }
      return Response.json(error, { status: 401 })
    }
    const { password } = net.user('alice.test')
    const login = ['login', 'alice.test', ...stage.where]
    const asked = await stage.parley(login, {
      terminal: 80,
      typed: [`${password}\r`, 'AB-12\r'],
      fetch: fetchThis,
    })
    assert.equal(asked.code, 0, asked.stderr)
    const given = await stage.parley([...login, '--code', 'AB-12'], { stdin: password, fetch: fetchThis })
    assert.equal(given.code, 0, given.stderr)
    const missing = await stage.parley(login, { stdin: password, fetch: fetchThis })
    assert.equal(missing.code, 3)
    assert.match(missing.stderr, /--code/)
  })

  test('ends with 130 where the question is answered with Ctrl-C', async () => {
    await using stage = await Stage.open()
    const { code } = await stage.parley(['login', ...stage.where], { terminal: 80, typed: ['\u0003'] })
    assert.equal(code, 130)
  })

  test('says so where the input ends before the question is answered', async () => {
    await using stage = await Stage.open()
    const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => stdin })
    const [stdout, stderr] = [new Gathering(80), new Gathering(80)]
    const ended = main({ ...stage.world(['login', ...stage.where], { terminal: 80 }, stdout, stderr), stdin })
    stderr.once('written', () => setImmediate(() => stdin.end()))
    assert.equal(await ended, 2)
    assert.match(stderr.text, /the input ended/)
  })

  test('says what to do where the password is wrong, or missing', async () => {
    await using stage = await Stage.open()
    const wrong = await stage.parley(['login', 'alice.test', ...stage.where], { stdin: 'wrong\n' })
    assert.equal(wrong.code, 3)
    assert.match(wrong.stderr, /^parley: .*refused.*\nhint: .*App passwords/)
    assert.equal((await stage.parley(['login', 'alice.test', ...stage.where])).code, 2)
    assert.equal((await stage.parley(['login', ...stage.where])).code, 2)
  })
})

describe('several accounts', () => {
  test('are used by name, and the last one that logged in is meant where none is named', async () => {
    await using stage = await Stage.open()
    await stage.loggedIn('alice.test', 'bob.test')
    const who = async (args: string[], env = {}) =>
      (await stage.parley(['whoami', ...args], { env })).json[0].handle
    assert.equal(await who([]), 'bob.test')
    assert.equal(await who(['--account', '@alice.test']), 'alice.test')
    assert.equal(await who(['--account', stage.net.user('alice.test').did]), 'alice.test')
    assert.equal(await who([], { PARLEY_ACCOUNT: 'alice.test' }), 'alice.test')
    assert.equal((await stage.parley(['use', 'alice.test'])).code, 0)
    assert.equal(await who([]), 'alice.test')
    const all = (await stage.parley(['whoami', '--all'])).json.map(({ handle }) => handle)
    assert.deepEqual(all, ['alice.test', 'bob.test'])
  })

  test('log out one by one, and the server forgets the session', async () => {
    await using stage = await Stage.open()
    await stage.loggedIn('alice.test', 'bob.test')
    const first = await stage.parley(['logout'])
    assert.deepEqual([first.json[0].handle, first.stderr], ['bob.test', ''])
    assert.equal(stage.net.requests.at(-1)?.method, 'com.atproto.server.deleteSession')
    assert.equal((await stage.parley(['whoami'])).json[0].handle, 'alice.test')
    assert.equal((await stage.parley(['ls', '--account', 'bob.test'])).code, 3)
    await stage.parley(['logout'])
    const { code, stderr } = await stage.parley(['ls'])
    assert.equal(code, 3)
    assert.equal(stderr, 'parley: nobody is logged in\nhint: Log in with: parley login\n')
  })
})

describe('several programs at once', () => {
  test('log in without undoing each other', async () => {
    const users = Array.from({ length: 6 }, (_, index) => `user${index}.test`)
    await using stage = await Stage.open(users)
    await Promise.all(users.map(user => stage.loggedIn(user)))
    const { json } = await stage.parley(['whoami', '--all'])
    assert.deepEqual(json.map(({ handle }) => handle).sort(), users)
    const left = users.slice(1)
    const ran = await Promise.all([
      stage.parley(['logout', '--account', users[0]!]),
      ...left.map(user => stage.parley(['use', user])),
    ])
    assert.deepEqual(new Set(ran.map(({ code, stderr }) => `${code}${stderr}`)), new Set(['0']))
    const all = (await stage.parley(['whoami', '--all'])).json
    assert.deepEqual(all.map(({ handle }) => handle).sort(), left)
  })
})

describe('a kept session', () => {
  test('is renewed when it runs out, and the next command has the new one', async () => {
    await using stage = await Stage.open()
    await stage.loggedIn('alice.test')
    const renewals = () => stage.net.requests.filter(({ method }) => method.endsWith('refreshSession')).length
    stage.net.expireTokens()
    assert.equal((await stage.parley(['ls'])).code, 0)
    assert.equal(renewals(), 1)
    assert.equal((await stage.parley(['ls'])).code, 0)
    assert.equal(renewals(), 1)
  })

  test('is renewed once by commands that run side by side', async () => {
    await using stage = await Stage.open()
    await stage.loggedIn('alice.test')
    stage.net.expireTokens()
    const ran = await Promise.all(Array.from({ length: 5 }, () => stage.parley(['ls'])))
    assert.deepEqual(
      ran.map(({ code }) => code),
      [0, 0, 0, 0, 0],
    )
    const renewals = stage.net.requests.filter(({ method }) => method.endsWith('refreshSession'))
    assert.equal(renewals.length, 1)
  })

  test('is not written where nothing has changed: it could be an older one than another command has kept', async () => {
    await using stage = await Stage.open()
    await stage.loggedIn('alice.test')
    const path = join(stage.home, '.local/state/parley/sessions.json')
    const { ino } = await stat(path)
    await stage.parley(['ls'])
    assert.equal((await stat(path)).ino, ino)
  })

  test('is forgotten by a logout of which nobody can be told', async () => {
    await using stage = await Stage.open()
    await stage.loggedIn('alice.test')
    stage.net.expireTokens()
    const away: typeof fetch = async () => {
      throw new TypeError('fetch failed')
    }
    const { code, stderr } = await stage.parley(['logout'], { fetch: away })
    assert.equal(code, 0)
    assert.match(stderr, /https:\/\/pds\.test could not be told/)
    const files = await filesOf(stage.home)
    assert.ok(!files.some(({ text }) => text.includes('refreshJwt')))
    assert.equal((await stage.parley(['whoami'])).code, 3)
  })

  test('that is over is said to be over', async () => {
    await using stage = await Stage.open()
    await stage.loggedIn('alice.test')
    await stage.net.advance(100 * 24 * 60 * 60 * 1000)
    const { code, stderr } = await stage.parley(['ls'])
    assert.equal(code, 3)
    assert.match(stderr, /parley login/)
  })
})
