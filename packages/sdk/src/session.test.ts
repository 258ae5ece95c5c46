import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Clock } from './clock.ts'
import { type ChatError, Client, memorySessionStore, type SessionEvent } from './index.ts'
import { fileSessionStore } from './node/index.ts'
import {
  ALICE,
  BOB,
  type Handler,
  refusal,
  sessionAnswer,
  startPds,
  type ToyPds,
  token,
} from './testing/toy-pds.ts'

const REFRESH = 'com.atproto.server.refreshSession'
const CREATE = 'com.atproto.server.createSession'

/** A clock that stands still until it is moved. */
function heldClock() {
  const clock: Clock & { advance(ms: number): void } = {
    now: () => nowMs,
    random: () => 0,
    sleep: async () => {},
    advance: ms => {
      nowMs += ms
    },
  }
  let nowMs = Date.now()
  return clock
}

/** Makes the PDS take only the newest token, as after a refresh elsewhere or a restart. */
function onlyNewest(pds: ToyPds, refresh: Handler = () => ({})) {
  let newest = ''
  pds.on(REFRESH, async request => {
    const reply = await refresh(request)
    if (reply.status !== undefined) return reply
    const session = sessionAnswer({}, pds.url)
    newest = session.accessJwt
    return { json: session }
  })
  pds.on('chat.bsky.convo.listConvos', ({ headers }) =>
    headers.authorization === `Bearer ${newest}`
      ? { json: { convos: [] } }
      : refusal(400, 'ExpiredToken', 'Token has expired'),
  )
}

const list = (client: Client) => client.chat.bsky.convo.listConvos()

test('five clones with fifty calls each refresh an expired token once', async () => {
  await using pds = await startPds()
  onlyNewest(pds)
  const client = new Client(pds.url)
  await client.login('alice.test', 'password')
  const clones = Array.from({ length: 5 }, () => client.withBskyChatProxy())
  await Promise.all(clones.flatMap(clone => Array.from({ length: 50 }, () => list(clone))))
  assert.equal(pds.count(REFRESH), 1)
})

test('a token about to run out by the clock is renewed once, before it is used', async () => {
  await using pds = await startPds()
  const clock = heldClock()
  const client = new Client({ service: pds.url, clock })
  await client.login('alice.test', 'password')
  clock.advance(2 * 3_600_000 - 61_000)
  await list(client)
  assert.equal(pds.count(REFRESH), 0)
  clock.advance(2_000)
  const clones = [client.clone(), client.withBskyChatProxy(), client]
  await Promise.all(clones.flatMap(clone => [list(clone), list(clone)]))
  assert.equal(pds.count(REFRESH), 1)
  assert.equal(pds.count('chat.bsky.convo.listConvos'), 7)
})

test('a clock that is a day ahead does not make every new token look expired', async () => {
  await using pds = await startPds()
  const clock = heldClock()
  clock.advance(24 * 3_600_000)
  const client = new Client({ service: pds.url, clock })
  await client.login('alice.test', 'password')
  await list(client)
  await list(client)
  assert.equal(pds.count(REFRESH), 0)
})

test('a 401 renews the token too, and the call is made once more with its own body', async () => {
  await using pds = await startPds()
  const client = new Client(pds.url)
  await client.login('alice.test', 'password')
  let refused = 0
  pds.on('chat.bsky.convo.sendMessage', ({ body }) => {
    if (refused++ === 0) return { status: 401, json: { error: 'AuthenticationRequired' } }
    return { json: body }
  })
  const input = { convoId: 'convo1', message: { text: 'hello' } }
  assert.deepEqual(await client.chat.bsky.convo.sendMessage(input), input)
  assert.equal(pds.count(REFRESH), 1)
})

test('a service that mistrusts the token of the PDS is not an expired session', async () => {
  await using pds = await startPds()
  pds.on('chat.bsky.convo.listConvos', () => refusal(401, 'BadJwtSignature', 'jwt signature does not match'))
  const client = new Client(pds.url)
  await client.login('alice.test', 'password')
  await assert.rejects(list(client), { code: 'upstream', status: 401 })
  assert.equal(pds.count(REFRESH), 0)
})

test('a service that refuses new tokens too costs one refresh a minute, not one a call', async () => {
  await using pds = await startPds()
  const clock = heldClock()
  let trusting = false
  pds.on('chat.bsky.convo.listConvos', () =>
    trusting ? { json: { convos: [] } } : refusal(400, 'ExpiredToken', 'Token has expired'),
  )
  const client = new Client({ service: pds.url, clock })
  await client.login('alice.test', 'password')
  const refused = { code: 'upstream', lexError: 'ExpiredToken', status: 400, delivered: 'no' }
  for (let call = 0; call < 5; call++) await assert.rejects(list(client.clone()), refused)
  assert.equal(pds.count(REFRESH), 1)
  assert.equal(client.me?.did, ALICE)
  clock.advance(60_000)
  await assert.rejects(list(client), refused)
  assert.equal(pds.count(REFRESH), 2)
  await client.login('alice.test', 'password') // a login of one's own is a new start
  await assert.rejects(list(client), refused)
  assert.equal(pds.count(REFRESH), 3)
  trusting = true
  assert.deepEqual((await list(client)).convos, [])
})

test('a clone made before the login sees the session', async () => {
  await using pds = await startPds()
  const client = new Client(pds.url)
  const clone = client.withBskyChatProxy()
  assert.equal(clone.me, undefined)
  await client.login('alice.test', 'password')
  assert.deepEqual(clone.me, { did: ALICE, handle: 'alice.test' })
  assert.deepEqual((await list(clone)).convos.length, 1)
})

test('a session string of the Python SDK logs in, and ours is one', async () => {
  await using pds = await startPds()
  const access = token()
  const refresh = token()
  const client = new Client('https://bsky.social')
  const session = `alice.test:::${ALICE}:::${access}:::${refresh}:::${pds.url}`
  await client.login({ session })
  assert.equal((await list(client)).convos.length, 1)
  assert.equal(pds.received[0]?.headers.authorization, `Bearer ${access}`)
  assert.equal(client.exportSession(), session)
  const older = new Client(pds.url) // from before the PDS was part of the string
  await older.login({ session: `alice.test:::${ALICE}:::${access}:::${refresh}` })
  assert.equal(older.exportSession(), session)
})

test('a string that is no session is refused without being repeated', async () => {
  const client = new Client('http://127.0.0.1:1')
  for (const session of [
    '',
    'secret',
    'a:::b:::secret:::d:::e',
    `a.test:::${ALICE}:::se cret:::x:::http://x`,
    `a.test:::${ALICE}:::secret:::x:::http://x:::y`,
  ]) {
    await assert.rejects(client.login({ session }), (error: Error) => {
      assert.equal((error as Error & { code: string }).code, 'invalid-input')
      assert.doesNotMatch(error.message, /cret/)
      return true
    })
  }
})

test('a session that a server made up cannot be exported as that of another account', async () => {
  await using pds = await startPds()
  const client = new Client(pds.url)
  for (const handle of [`x:::${BOB}:::a:::b`, 'alice', '']) {
    pds.on(CREATE, () => ({ json: { ...sessionAnswer(), handle } }))
    await client.login('alice.test', 'password')
    assert.deepEqual(client.me, { did: ALICE, handle: 'handle.invalid' })
    const again = new Client(pds.url)
    await again.login({ session: client.exportSession() })
    assert.deepEqual(again.me, client.me)
  }
  pds.on(CREATE, () => ({ json: { ...sessionAnswer(), did: `${BOB}:::a:::b` } }))
  await assert.rejects(client.login('alice.test', 'password'), { code: 'invalid-response' })
  const { did, ...rest } = { ...sessionAnswer(), pds: pds.url, handle: 'a:::b', did: ALICE } as const
  await client.login({ session: { did, ...rest } })
  assert.equal(client.exportSession().split(':::').length, 5)
})

test("another account's DID document does not say where to go", async () => {
  await using elsewhere = await startPds()
  await using pds = await startPds()
  const answer = sessionAnswer({}, elsewhere.url)
  for (const id of [BOB, undefined]) {
    pds.on(CREATE, () => ({ json: { ...answer, didDoc: { ...answer.didDoc, id } } }))
    const client = new Client(pds.url)
    await client.login('alice.test', 'password')
    assert.equal(client.session?.pds, pds.url)
  }
})

test('after the login, calls go where the DID document says the account lives', async () => {
  await using entryway = await startPds()
  await using pds = await startPds()
  entryway.on(CREATE, () => ({ json: sessionAnswer({}, pds.url) }))
  const client = new Client(entryway.url)
  await client.login('alice.test', 'password')
  await list(client)
  assert.equal(client.session?.pds, pds.url)
  assert.deepEqual(
    entryway.received.map(request => request.method),
    [CREATE],
  )
})

test('the permission for direct messages is read from the token, and its lack is warned of', async () => {
  await using pds = await startPds()
  const warnings: string[] = []
  const hooks = { onWarning: ({ message }: { message: string }) => warnings.push(message) }
  const client = new Client({ service: pds.url, hooks })
  for (const [claim, scope, mayUseChat] of [
    ['com.atproto.access', 'full', true],
    ['com.atproto.appPassPrivileged', 'app-password+dm', true],
    ['com.atproto.appPass', 'app-password', false],
    ['something.new', 'unknown', true],
  ] as const) {
    pds.on(CREATE, () => ({ json: sessionAnswer({ scope: claim }) }))
    const session = await client.login('alice.test', 'password')
    assert.deepEqual([session.scope, session.mayUseChat], [scope, mayUseChat])
  }
  assert.deepEqual(warnings, ['this app password may not use direct messages'])
})

test('a wrong password and a missing second factor have their own codes', async () => {
  await using pds = await startPds()
  pds.on(CREATE, ({ body }) =>
    body.authFactorToken === 'ABC-DEF'
      ? { json: sessionAnswer() }
      : body.password === 'right'
        ? refusal(401, 'AuthFactorTokenRequired', 'A sign in code has been sent to your email address')
        : refusal(401, 'AuthenticationRequired', 'Invalid identifier or password'),
  )
  const client = new Client(pds.url)
  await assert.rejects(client.login('alice.test', 'wrong'), { code: 'auth/bad-credentials' })
  await assert.rejects(client.login('alice.test', 'right'), { code: 'auth/second-factor-required' })
  await client.login('@alice.test', 'right', { authFactorToken: 'ABC-DEF' })
  assert.equal(pds.received.at(-1)?.body.identifier, 'alice.test')
})

test('a refresh token that was revoked ends the session and says so', async () => {
  await using pds = await startPds()
  onlyNewest(pds, () => refusal(400, 'ExpiredToken', 'Token has been revoked'))
  const client = new Client(pds.url)
  const events: SessionEvent[] = []
  client.onSessionChange(event => void events.push(event))
  await client.login('alice.test', 'password')
  const results = await Promise.allSettled([list(client), list(client.clone())])
  for (const result of results)
    assert.equal(result.status === 'rejected' && result.reason.code, 'auth/expired')
  assert.deepEqual(events, ['create', 'expired'])
  assert.equal(client.me, undefined)
})

test('a refresh that fails for the network keeps the session and is tried again', async () => {
  await using pds = await startPds()
  let down = true
  onlyNewest(pds, () => (down ? { status: 500, json: {} } : {}))
  const client = new Client(pds.url)
  const events: SessionEvent[] = []
  client.onSessionChange(event => void events.push(event))
  await client.login('alice.test', 'password')
  await assert.rejects(list(client), { code: 'server' })
  down = false
  await list(client)
  assert.deepEqual(events, ['create', 'refresh-failed', 'refresh'])
})

test('a refresh that answers with another account is not believed', async () => {
  await using pds = await startPds()
  onlyNewest(pds)
  pds.on(REFRESH, () => ({ json: { ...sessionAnswer(), did: 'did:plc:mallory' } }))
  const client = new Client(pds.url)
  await client.login('alice.test', 'password')
  await assert.rejects(list(client), { code: 'invalid-response' })
  assert.equal(client.me?.did, ALICE)
})

test('one caller who gives up during a refresh does not take the others along', async () => {
  await using pds = await startPds()
  let release = () => {}
  const released = new Promise<void>(resolve => {
    release = resolve
  })
  let asked = () => {}
  const refreshing = new Promise<void>(resolve => {
    asked = resolve
  })
  onlyNewest(pds, async () => {
    asked()
    await released
    return {}
  })
  const client = new Client(pds.url)
  await client.login('alice.test', 'password')
  const controller = new AbortController()
  const impatient = client.chat.bsky.convo.listConvos({}, { signal: controller.signal })
  const patient = list(client)
  await refreshing
  controller.abort()
  await assert.rejects(impatient, { code: 'aborted' })
  release()
  assert.deepEqual((await patient).convos, [])
  assert.equal(pds.count(REFRESH), 1)
})

test('listeners hear of every change, bound methods too, and one that throws does no harm', async () => {
  await using pds = await startPds()
  onlyNewest(pds)
  class Keeper {
    kept: string[] = []
    keep(event: SessionEvent, session: { accessJwt: string }) {
      this.kept.push(event, typeof session.accessJwt)
    }
  }
  const keeper = new Keeper()
  const client = new Client(pds.url)
  const stop = client.onSessionChange(keeper.keep.bind(keeper))
  client.onSessionChange(() => {
    throw new Error('disk full')
  })
  await client.login('alice.test', 'password')
  await list(client)
  await client.logout()
  stop()
  await client.login('alice.test', 'password')
  assert.deepEqual(keeper.kept, ['create', 'string', 'refresh', 'string', 'delete', 'string'])
  assert.equal(pds.count('com.atproto.server.deleteSession'), 1)
})

test('a logout during a refresh stays a logout', async () => {
  await using pds = await startPds()
  const client = new Client(pds.url)
  onlyNewest(pds, async () => {
    await client.logout()
    return {}
  })
  await client.login('alice.test', 'password')
  await assert.rejects(list(client), { code: 'auth/required' })
  assert.equal(client.me, undefined)
})

test('a login with a store takes up the kept session; one that is over is made anew', async () => {
  await using pds = await startPds()
  const sessionStore = memorySessionStore()
  const clock = heldClock()
  await new Client({ service: pds.url, sessionStore, clock }).login('alice.test', 'password')
  await new Client({ service: pds.url, sessionStore, clock }).login('alice.test', 'password')
  assert.equal(pds.count(CREATE), 1)
  pds.on(REFRESH, () => refusal(400, 'ExpiredToken', 'Token has been revoked'))
  clock.advance(3 * 3_600_000)
  await new Client({ service: pds.url, sessionStore, clock }).login('alice.test', 'password')
  assert.equal(pds.count(CREATE), 2)
})

test('the file store keeps sessions from one program to the next, readable by the owner only', async () => {
  await using pds = await startPds()
  const folder = await mkdtemp(join(tmpdir(), 'parley-sdk-'))
  try {
    const path = join(folder, 'deeper', 'sessions.json')
    await new Client({ service: pds.url, sessionStore: fileSessionStore(path) }).login(
      'alice.test',
      'password',
    )
    const store = fileSessionStore(path)
    const client = new Client({ service: pds.url, sessionStore: store })
    await client.login('alice.test', 'password')
    assert.equal(pds.count(CREATE), 1)
    assert.equal((await stat(path)).mode & 0o777, 0o600)
    await Promise.all(
      ['a', 'b', 'c'].map(key => store.save(key, { ...sessionAnswer(), did: ALICE, pds: pds.url })),
    )
    assert.equal(Object.keys(JSON.parse(await readFile(path, 'utf8'))).length, 4)
    await client.logout()
    assert.equal(await store.load(`${pds.url} alice.test`), undefined)
    assert.deepEqual(await readdir(join(folder, 'deeper')), ['sessions.json'])
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('a session file of anything else says so without quoting it; an entry of anything else is no session', async () => {
  await using pds = await startPds()
  const folder = await mkdtemp(join(tmpdir(), 'parley-sdk-'))
  try {
    const path = join(folder, 'sessions.json')
    const login = () =>
      new Client({ service: pds.url, sessionStore: fileSessionStore(path) }).login('alice.test', 'password')
    for (const junk of ['null', '[]', '5', '"secret"', 'secret', '']) {
      await writeFile(path, junk)
      await assert.rejects(login(), (error: ChatError) => {
        assert.equal(error.code, 'invalid-input')
        assert.match(error.message, /sessions\.json is not a session file/)
        assert.doesNotMatch(error.message, /secret/)
        return true
      })
    }
    let created = 0
    for (const junk of [null, 5, 'secret', [], {}, { did: ALICE }]) {
      await writeFile(path, JSON.stringify({ [`${pds.url} alice.test`]: junk }))
      await login()
      assert.equal(pds.count(CREATE), ++created)
    }
    await login()
    assert.equal(pds.count(CREATE), created)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('nothing secret is to be seen when a client is printed', async () => {
  await using pds = await startPds()
  const { inspect } = await import('node:util')
  const client = new Client(pds.url)
  await client.login('alice.test', 'hunter2')
  const [, , access = '', refresh = ''] = client.exportSession().split(':::')
  const printed = inspect([client, client.session], { depth: 10, showHidden: true })
  assert.ok(!printed.includes(access) && !printed.includes(refresh) && !printed.includes('hunter2'))
})

test('an account that has moved is followed when its token is renewed', async () => {
  await using old = await startPds()
  await using pds = await startPds()
  old.on(REFRESH, () => ({ json: sessionAnswer({}, pds.url) }))
  old.on('chat.bsky.convo.listConvos', () => refusal(400, 'ExpiredToken', 'Token has expired'))
  const client = new Client(old.url)
  await client.login('alice.test', 'password')
  assert.equal((await list(client)).convos.length, 1)
  assert.equal(client.session?.pds, pds.url)
  assert.equal(pds.count('chat.bsky.convo.listConvos'), 1)
})
