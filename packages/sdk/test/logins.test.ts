import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeNetwork } from '../src/fake-network/index.ts'
import { Client } from '../src/index.ts'
import { refusal, sessionAnswer, startPds } from '../src/testing/toy-pds.ts'

describe('a login with a second factor', () => {
  it('asks whoever has the code, once, and only where one is wanted', async () => {
    await using pds = await startPds()
    const create = 'com.atproto.server.createSession'
    let asked = 0
    const onSecondFactor = async () => {
      asked += 1
      return 'ABC-DEF'
    }
    const client = new Client(pds.url)
    await client.login('alice.test', 'password', { onSecondFactor })
    assert.equal(asked, 0)
    pds.on(create, ({ body }) =>
      body.authFactorToken === 'ABC-DEF'
        ? { json: sessionAnswer() }
        : refusal(401, 'AuthFactorTokenRequired', 'A sign in code has been sent to your email address'),
    )
    await client.login('alice.test', 'password', { onSecondFactor })
    assert.deepEqual([asked, pds.count(create)], [1, 3])
    const wrong = client.login('alice.test', 'password', { onSecondFactor: async () => 'wrong' })
    await assert.rejects(wrong, { code: 'auth/second-factor-required' })
  })
})

describe('a client from the environment', () => {
  it('is logged in as that says, and says what is missing', async () => {
    const net = fakeNetwork({ users: ['alice.test', 'bob.test'] })
    const { fetch } = net
    const env = {
      PARLEY_IDENTIFIER: 'alice.test',
      PARLEY_APP_PASSWORD: net.user('alice.test').password,
      PARLEY_PDS: net.service,
      PARLEY_CHAT: net.chat,
    }
    const client = await Client.fromEnv(env, { fetch })
    assert.equal(client.me?.handle, 'alice.test')
    await client.dm.send('bob.test', 'hello')
    await assert.rejects(Client.fromEnv({ ...env, PARLEY_APP_PASSWORD: '' }), (error: Error) => {
      assert.match(error.message, /PARLEY_APP_PASSWORD must be set/)
      return true
    })
  })
})

describe('a client of an agent', () => {
  /** As OAuth clients have it: only the agent knows tokens and addresses. */
  async function begin() {
    const net = fakeNetwork({ users: ['alice.test', 'bob.test'] })
    const inner = await net.client('alice.test')
    const failures: Error[] = []
    const agent = {
      did: undefined as string | undefined,
      async fetchHandler(path: string, init: RequestInit): Promise<Response> {
        const failure = failures.pop()
        if (failure) throw failure
        const [, , token] = inner.exportSession().split(':::')
        const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${token}` }
        return net.fetch(`${net.service}${path}`, { ...init, headers })
      },
    }
    const client = Client.withAgent(agent, { chat: net.chat, clock: net.clock })
    return { net, agent, client, failures }
  }

  it('does all that one with a password does', async () => {
    const { net, agent, client } = await begin()
    await assert.rejects(client.dm.send('bob.test', 'hello'), { code: 'auth/required' })
    agent.did = net.user('alice.test').did
    const sent = await client.dm.send('bob.test', 'hello')
    assert.ok(sent.fromMe)
    await client.dm.setAllowIncoming('none')
    assert.equal((await client.dm.doctor()).ok, true)
    await client.clone({ timeoutMs: 5000 }).dm.unread()
  })

  it('leaves logging in and out to the agent, and hears of it that the login is over', async () => {
    const { net, agent, client, failures } = await begin()
    agent.did = net.user('alice.test').did
    const refused = { code: 'invalid-input' }
    await assert.rejects(client.login('alice.test', 'password'), refused)
    await assert.rejects(client.login({ session: 'a:::b:::c:::d' }), refused)
    await assert.rejects(client.logout(), refused)
    assert.throws(() => client.exportSession(), refused)
    failures.push(Object.assign(new Error('Session was revoked'), { sub: agent.did }))
    const isOver = { code: 'auth/expired', hint: /what made the agent/ }
    await assert.rejects(client.dm.unread(), isOver)
    net.expireTokens() // and this agent renews none
    await assert.rejects(client.dm.unread(), isOver)
  })

  it('tries again what fails for the network, as ever', async () => {
    const { net, agent, client, failures } = await begin()
    agent.did = net.user('alice.test').did
    failures.push(new TypeError('fetch failed'))
    assert.deepEqual(await client.dm.unread(), { accepted: 0, requests: 0 })
  })
})

describe('limits', () => {
  it('are known as the PDS said them, and for how long the chat service takes nothing', async () => {
    await using pds = await startPds()
    const told: unknown[] = []
    const client = new Client({
      service: pds.url,
      retry: false,
      hooks: { onRateLimit: event => told.push(event) },
    })
    await client.login('alice.test', 'password')
    const limits = () => client.rateLimit
    assert.deepEqual(limits(), { pds: undefined, chatBlockedUntil: undefined })
    const resetAt = new Date(Math.ceil(Date.now() / 1000) * 1000 + 60_000)
    const numbers = {
      'ratelimit-limit': '3000',
      'ratelimit-remaining': '2990',
      'ratelimit-reset': `${resetAt.getTime() / 1000}`,
    }
    const method = 'chat.bsky.convo.listConvos'
    pds.on(method, () => refusal(429, 'RateLimitExceeded', 'Rate limited; retry after 120 seconds', numbers))
    await assert.rejects(client.clone().chat.bsky.convo.listConvos(), { code: 'rate-limited' })
    const { pds: said, chatBlockedUntil } = limits()
    assert.deepEqual(said, { limit: 3000, remaining: 2990, resetAt })
    assert.ok(chatBlockedUntil!.getTime() > Date.now() + 60_000)
    pds.on(method, () => refusal(429, 'RateLimitExceeded', '', { ...numbers, 'ratelimit-remaining': '0' }))
    await assert.rejects(client.chat.bsky.convo.listConvos(), { code: 'rate-limited' })
    assert.equal(limits().pds?.remaining, 0)
    const [first, second] = told as { by: string; retryAfterMs: number }[]
    assert.deepEqual(first, { method, by: 'chat', retryAfterMs: 120_000 })
    assert.equal(second?.by, 'pds')
  })
})

describe('labelers', () => {
  it('are named in every call of the clone that has them', async () => {
    await using pds = await startPds()
    const client = new Client(pds.url)
    await client.login('alice.test', 'password')
    const labelers = ['did:plc:one', 'did:plc:two;redact']
    await client.withLabelers(labelers).clone({ timeoutMs: 5000 }).chat.bsky.convo.listConvos()
    assert.equal(pds.received.at(-1)?.headers['atproto-accept-labelers'], 'did:plc:one, did:plc:two;redact')
    await client.chat.bsky.convo.listConvos()
    assert.equal(pds.received.at(-1)?.headers['atproto-accept-labelers'], undefined)
  })
})
