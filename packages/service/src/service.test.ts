import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { Did } from '@atcute/lexicons/syntax'
import { createTestKey, mintServiceJwt, type TestKey, testDid } from './auth/test-tokens.ts'
import { type Config, configDefaults } from './config.ts'
import { defaultRateLimits } from './limits.ts'
import { createService } from './service.ts'

const alice = testDid('alice')
const getLog = 'chat.bsky.convo.getLog'

/** A PLC directory that knows one account. */
async function startPlc(key: TestKey): Promise<Server> {
  const document = {
    '@context': ['https://www.w3.org/ns/did/v1'],
    id: alice,
    verificationMethod: [
      { id: `${alice}#atproto`, type: 'Multikey', controller: alice, publicKeyMultibase: key.multikey },
    ],
  }
  const server = createServer((request, response) => {
    const found = decodeURIComponent(request.url!) === `/${alice}`
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' })
    response.end(found ? JSON.stringify(document) : '{}')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return server
}

describe('a service', () => {
  let key: TestKey
  let plc: Server
  let config: Config
  before(async () => {
    key = await createTestKey()
    plc = await startPlc(key)
    const settings: Config = {
      ...configDefaults,
      did: 'did:web:chat.example.org',
      publicUrl: 'https://chat.example.org',
      port: 0,
      database: ':memory:',
      plcUrl: `http://127.0.0.1:${(plc.address() as AddressInfo).port}`,
      acceptedAudiences: ['did:web:api.bsky.chat'],
      checkOutput: true,
      logLevel: 'silent',
    }
    // As readConfig hands it out.
    config = Object.freeze(settings)
  })
  after(() => plc.close())

  function token(aud: Did): Promise<string> {
    return mintServiceJwt({ iss: alice, aud, lxm: getLog, key, now: Math.floor(Date.now() / 1000) })
  }

  it('answers an account that its directory knows, under each of its names', async () => {
    await using service = await createService(config)
    for (const did of ['did:web:chat.example.org', 'did:web:api.bsky.chat'] as const) {
      const headers = { authorization: `Bearer ${await token(did)}` }
      const answer = await fetch(`${service.url}/xrpc/${getLog}`, { headers })
      const body = (await answer.json()) as { logs: unknown }
      assert.deepEqual([answer.status, body.logs], [200, []])
    }
    const stranger = await fetch(`${service.url}/xrpc/${getLog}`)
    assert.equal(stranger.status, 401)
    const document = (await (await fetch(`${service.url}/.well-known/did.json`)).json()) as { id: string }
    assert.equal(document.id, 'did:web:chat.example.org')
  })

  it('tells moderators who exceeded a rate with which method, once', async () => {
    const rateLimits = { ...defaultRateLimits, calls: { count: 1, periodSec: 3600 } }
    await using service = await createService({ ...config, rateLimits })
    const statuses: number[] = []
    for (let call = 0; call < 4; call++) {
      const headers = { authorization: `Bearer ${await token('did:web:chat.example.org')}` }
      statuses.push((await fetch(`${service.url}/xrpc/${getLog}`, { headers })).status)
    }
    assert.deepEqual(statuses, [200, 429, 429, 429])
    const { forModerators } = service.store
    while ((await forModerators.eventHead()) === 0) await setImmediate()
    const events = await forModerators.events({ after: 0, limit: 10 })
    assert.equal(events.length, 1)
    assert.partialDeepStrictEqual(events[0]?.event, {
      $type: 'chat.bsky.moderation.subscribeModEvents#eventRateLimitExceeded',
      actorDid: alice,
      endpoint: getLog,
    })
  })

  it('lets go of its port when closed, and may be closed twice', async () => {
    const service = await createService(config)
    await service.close()
    await service.close()
    await assert.rejects(fetch(service.url))
    await (await createService({ ...config, port: service.port })).close()
  })

  it('that cannot listen says why and leaves nothing open', async () => {
    await using service = await createService(config)
    await assert.rejects(createService({ ...config, port: service.port }), { code: 'EADDRINUSE' })
  })
})

describe('the program', () => {
  const program = new URL('../bin/parley-service.ts', import.meta.url).pathname

  it('says one line, serves, and ends when told to', async () => {
    const env = { PARLEY_HOSTNAME: 'localhost:2590', PARLEY_PORT: '0', PARLEY_DATABASE: ':memory:' }
    const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'ignore'] })
    const output = text(child.stdout)
    const [line] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
    const url = /^did:web:localhost%3A2590 listens on (http:\S+)\n$/.exec(String(line))![1]!
    assert.equal((await fetch(`${url}/xrpc/_health`)).status, 200)
    child.kill('SIGTERM')
    assert.deepEqual(await once(child, 'exit'), [0, null])
    assert.equal((await output).split('\n').length, 2)
  })

  it('without a configuration says what to set', async () => {
    const child = spawn(process.execPath, [program], { env: {}, stdio: ['ignore', 'ignore', 'pipe'] })
    const [complaint, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
    assert.equal(code, 1)
    assert.match(complaint, /^PARLEY_HOSTNAME is not set: give [^\n]*\n$/)
  })
})
