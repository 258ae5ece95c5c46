import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ConfigError, configDefaults, readConfig } from './config.ts'
import { defaultRateLimits } from './limits.ts'

function problemsOf(env: Record<string, string>): string[] {
  try {
    readConfig(env)
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    return error.message.split('\n')
  }
  assert.fail('accepted')
}

describe('the environment', () => {
  it('needs to say no more than the host name', () => {
    assert.deepEqual(readConfig({ PARLEY_HOSTNAME: 'chat.example.org' }), {
      ...configDefaults,
      did: 'did:web:chat.example.org',
      publicUrl: 'https://chat.example.org',
    })
  })

  it('gives localhost a DID with its port and a URL without TLS', () => {
    const config = readConfig({ PARLEY_HOSTNAME: 'localhost:3777' })
    assert.equal(config.did, 'did:web:localhost%3A3777')
    assert.equal(config.publicUrl, 'http://localhost:3777')
    assert.equal(config.port, 3777)
    assert.equal(readConfig({ PARLEY_HOSTNAME: 'chat.example.org:8443' }).port, 2590)
  })

  it('can set everything', () => {
    const config = readConfig({
      PARLEY_SERVICE_DID: 'did:plc:ewvi7nxzyoun6zhxrhs64oiz',
      PARLEY_PUBLIC_URL: 'https://dm.example.org/',
      PARLEY_HOST: '0.0.0.0',
      PARLEY_PORT: '80',
      PARLEY_HTTP_WORKERS: '4',
      PARLEY_DATABASE: '/var/lib/parley/db.sqlite',
      PARLEY_PEOPLE_INDEX: '/var/lib/parley/people.sqlite',
      PARLEY_PLC_URL: 'http://localhost:2582',
      PARLEY_FIREHOSE_HOSTS: 'https://pds.example.org, https://relay.example.org',
      PARLEY_ACCEPTED_AUDIENCES: 'did:web:api.bsky.chat',
      PARLEY_MODERATORS: 'did:plc:ar7c4by46qjdydhdevvrndac, did:web:mod.example.org',
      PARLEY_GROUP_CREATOR_AGE_HOURS: '48',
      PARLEY_RATE_LIMITS: 'off',
      PARLEY_REPLAY_PROTECTION: 'on',
      PARLEY_ALLOW_PRIVATE_NETWORK: 'on',
      PARLEY_CHECK_OUTPUT: 'on',
      PARLEY_LOG_LEVEL: 'warn',
    })
    assert.deepEqual(config, {
      did: 'did:plc:ewvi7nxzyoun6zhxrhs64oiz',
      publicUrl: 'https://dm.example.org',
      host: '0.0.0.0',
      port: 80,
      httpWorkers: 4,
      database: '/var/lib/parley/db.sqlite',
      peopleIndexPath: '/var/lib/parley/people.sqlite',
      natsServers: [],
      plcUrl: 'http://localhost:2582',
      people: { kind: 'firehose', hosts: ['https://pds.example.org', 'https://relay.example.org'] },
      acceptedAudiences: ['did:web:api.bsky.chat'],
      moderators: ['did:plc:ar7c4by46qjdydhdevvrndac', 'did:web:mod.example.org'],
      groupCreatorAgeHours: 48,
      rateLimits: undefined,
      replayProtection: true,
      allowPrivateNetwork: true,
      checkOutput: true,
      logLevel: 'warn',
    })
    assert.ok(Object.isFrozen(config))
  })

  it('can set each rate by itself', () => {
    const { rateLimits } = readConfig({
      PARLEY_HOSTNAME: 'chat.example.org',
      PARLEY_RATE_SENDS: '300/60, 20000/86400',
      PARLEY_RATE_NEW_CONVOS: '500/3600',
      PARLEY_RATE_ANONYMOUS_CALLS: '100/10',
    })
    assert.deepEqual(rateLimits, {
      calls: defaultRateLimits.calls,
      anonymousCalls: { count: 100, periodSec: 10 },
      sends: [
        { count: 300, periodSec: 60 },
        { count: 20_000, periodSec: 86_400 },
      ],
      changes: defaultRateLimits.changes,
      newConvos: { count: 500, periodSec: 3600 },
    })
    for (const text of ['30', '30/0', '0/60', '-1/60', '30/60/60', 'many']) {
      const problems = problemsOf({ PARLEY_HOSTNAME: 'chat.example.org', PARLEY_RATE_CALLS: text })
      assert.deepEqual(problems, [`PARLEY_RATE_CALLS is "${text}": give count/seconds, such as 30/60`])
    }
  })

  it('names NATS servers where several processes share a PostgreSQL, and no password of theirs is repeated', () => {
    const hostname = { PARLEY_HOSTNAME: 'chat.example.org' }
    const postgres = { ...hostname, PARLEY_DATABASE: 'postgres://parley@db/parley' }
    const servers = 'nats://10.0.0.5:4222, nats://parley:secret@nats.example.org'
    assert.deepEqual(readConfig({ ...postgres, PARLEY_NATS_SERVERS: servers }).natsServers, [
      'nats://10.0.0.5:4222',
      'nats://parley:secret@nats.example.org',
    ])
    assert.deepEqual(
      problemsOf({ ...postgres, PARLEY_NATS_SERVERS: 'http://parley:secret@nats.example.org' }),
      ['PARLEY_NATS_SERVERS: give an address such as nats://127.0.0.1:4222'],
    )
    assert.deepEqual(
      problemsOf({
        ...postgres,
        PARLEY_NATS_SERVERS: 'nats://10.0.0.5,http://parley:secret@nats.example.org',
      }),
      ['PARLEY_NATS_SERVERS: number 2 of it: give an address such as nats://127.0.0.1:4222'],
    )
    assert.match(problemsOf({ ...hostname, PARLEY_NATS_SERVERS: servers }).join(), /one PostgreSQL/)
  })

  it('demands TLS of all NATS servers or of none, by names that a certificate can have', () => {
    const postgres = { PARLEY_HOSTNAME: 'chat.example.org', PARLEY_DATABASE: 'postgres://parley@db/parley' }
    const problems = (servers: string) => problemsOf({ ...postgres, PARLEY_NATS_SERVERS: servers }).join()
    const servers = 'tls://nats1.example.org,tls://nats2.example.org'
    assert.equal(readConfig({ ...postgres, PARLEY_NATS_SERVERS: servers }).natsServers.length, 2)
    assert.match(
      problems('tls://nats1.example.org,nats://nats2.example.org'),
      /tls:\/\/, .* or all of them nats/,
    )
    for (const address of ['10.0.0.5:4222', '[fd00::5]:4222'])
      assert.match(problems(`tls://${address}`), /the host name that stands in the certificate/)
  })

  it('that misspells a setting is told so, and which of a list is wrong', () => {
    const hostname = { PARLEY_HOSTNAME: 'chat.example.org' }
    assert.deepEqual(problemsOf({ ...hostname, PARLEY_MODERATOR: 'did:plc:x' }), [
      'PARLEY_MODERATOR is no setting of the service: is it misspelt?',
    ])
    assert.deepEqual(problemsOf({ ...hostname, PARLEY_MODERATORS: 'did:web:example.org,' }), [
      'PARLEY_MODERATORS is "did:web:example.org,": "" of it: give a DID such as did:web:chat.example.org',
    ])
    readConfig({
      ...hostname,
      PARLEY_OZONE_PROGRESS: 'file',
      PARLEY_RATE_LIMITS: 'off',
      PARLEY_RATE_CALLS: '1/1',
    })
  })

  it('without a host name is told what to set', () => {
    for (const env of [{}, { PARLEY_HOSTNAME: '' }, { PARLEY_SERVICE_DID: 'did:web:example.org' }]) {
      const [problem, ...rest] = problemsOf(env)
      assert.match(problem!, /^PARLEY_HOSTNAME is not set: give /)
      assert.deepEqual(rest, [])
    }
  })

  it('with several mistakes is told all of them, each with what to give instead', () => {
    const mistakes = {
      PARLEY_HOSTNAME: 'https://chat.example.org',
      PARLEY_SERVICE_DID: 'chat.example.org',
      PARLEY_PUBLIC_URL: 'https://chat.example.org/xrpc',
      PARLEY_PORT: '65536',
      PARLEY_PLC_URL: 'plc.directory',
      PARLEY_ACCEPTED_AUDIENCES: 'did:web:a.example,b',
      PARLEY_MODERATORS: 'did:web:a.example#atproto_labeler',
      PARLEY_RATE_LIMITS: 'false',
      PARLEY_LOG_LEVEL: 'loud',
    }
    const problems = problemsOf(mistakes)
    assert.deepEqual(
      problems.map(line => line.split(' ')[0]),
      Object.keys(mistakes),
    )
    for (const line of problems) assert.match(line, /: give /)
  })

  it('cannot ask for two sources of people at once', () => {
    const env = {
      PARLEY_HOSTNAME: 'a.example',
      PARLEY_APPVIEW_URL: 'https://b.example',
      PARLEY_FIREHOSE_HOSTS: 'https://c.example',
    }
    assert.match(problemsOf(env)[0]!, /both set/)
  })
})
