import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeNetwork } from '../src/fake-network/index.ts'
import { Client, type DoctorReport } from '../src/index.ts'
import { refusal, sessionAnswer, startPds } from '../src/testing/toy-pds.ts'

const users = ['alice.test', 'bob.test'] as const

function told(report: DoctorReport): string[] {
  return report.checks.map(({ name, ok }) => `${ok ? '+' : '-'} ${name}`)
}

function detailOf(report: DoctorReport, name: string): string | undefined {
  return report.checks.find(check => check.name === name)?.detail
}

describe('the doctor', () => {
  it('finds all well where it is', async () => {
    const net = fakeNetwork({ users })
    const [alice, bob] = await Promise.all(users.map(handle => net.client(handle)))
    await bob!.dm.send('alice.test', 'hello')
    const report = await alice!.dm.doctor()
    assert.equal(report.ok, true)
    assert.deepEqual(told(report), [
      '+ pds',
      '+ login',
      '+ clock',
      '+ permission',
      '+ chat service',
      '+ account',
      '+ unread',
      '+ incoming',
    ])
    assert.match(detailOf(report, 'login')!, /^alice\.test \(did:plc:/)
    assert.match(detailOf(report, 'chat service')!, /^Parley .* with idempotencyKey/)
    assert.equal(detailOf(report, 'unread'), 'conversations: 0; requests: 1')
    assert.equal(detailOf(report, 'incoming'), 'conversations from: all; groups from: all')
  })

  it('knows a service without extensions, too', async () => {
    const alice = await fakeNetwork({ users, extensions: false }).client('alice.test')
    assert.equal(detailOf(await alice.dm.doctor(), 'chat service'), 'one without extensions')
  })

  it('says what to do where nobody is logged in, nobody answers, or the login is over', async () => {
    const net = fakeNetwork({ users })
    const nobody = await net.newClient().dm.doctor()
    assert.deepEqual(told(nobody), ['- login'])
    assert.equal(nobody.checks[0]?.fix, 'Call login() first.')

    const alice = await net.client('alice.test', { retry: false })
    net.fault({ method: 'com.atproto.server.getSession', cut: true })
    const report = await alice.dm.doctor()
    assert.deepEqual([report.ok, told(report)], [false, ['- pds']])
    assert.match(report.checks[0]!.fix!, /address/)

    net.fault({ method: 'com.atproto.server.getSession', status: 401, error: 'AuthMissing', times: 2 })
    net.fault({ method: 'com.atproto.server.refreshSession', status: 400, error: 'ExpiredToken' })
    const over = await alice.dm.doctor()
    assert.deepEqual(told(over), ['+ pds', '- login', '+ clock', '+ permission'])
    assert.match(over.checks[1]!.fix!, /login\(\) again/)
  })

  it('sees an app password without the permission, and a clock that is wrong', async () => {
    await using pds = await startPds()
    pds.on('com.atproto.server.createSession', () => ({
      json: sessionAnswer({ scope: 'com.atproto.appPass' }, pds.url),
    }))
    pds.on('com.atproto.server.getSession', () => ({
      headers: { date: new Date(Date.now() + 600_000).toUTCString() },
      json: { did: sessionAnswer().did, handle: 'alice.test' },
    }))
    const client = new Client(pds.url)
    await client.login('alice.test', 'password')
    const report = await client.dm.doctor()
    assert.deepEqual(told(report), ['+ pds', '+ login', '- clock', '- permission'])
    assert.match(detailOf(report, 'clock')!, /^(599|600) s behind/)
    assert.match(report.checks[3]!.fix!, /Allow access to your direct messages/)
  })

  it('names a chat service that cannot be reached, and goes on with the rest', async () => {
    await using pds = await startPds()
    pds.on('com.atproto.server.getSession', () => ({
      json: { did: sessionAnswer().did, handle: 'alice.test' },
    }))
    pds.on('chat.bsky.actor.getStatus', () => refusal(502, 'UpstreamFailure', 'pipethrough network error'))
    pds.on('com.atproto.repo.getRecord', () => refusal(400, 'RecordNotFound', 'Could not locate record'))
    const client = new Client({ service: pds.url, chat: 'did:web:chat.test#bsky_chat', retry: false })
    await client.login('alice.test', 'password')
    const report = await client.dm.doctor()
    assert.deepEqual(told(report).slice(4), ['- chat service', '+ incoming'])
    assert.match(report.checks[4]!.fix!, /did:web:chat\.test#bsky_chat may be down/)
    assert.equal(detailOf(report, 'incoming'), 'conversations from: following; groups from: following')
  })

  it('throws only where it is told to stop', async () => {
    const alice = await fakeNetwork({ users }).client('alice.test')
    await assert.rejects(alice.dm.doctor({ signal: AbortSignal.abort() }), { code: 'aborted' })
  })
})
