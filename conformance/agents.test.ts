import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PasswordSession } from '@atcute/password-session'
import { CredentialSession } from '@atproto/api'
import { Client } from '@parley/sdk'
import { fakeNetwork } from '@parley/sdk/testing'

const users = ['alice.test', 'bob.test'] as const

describe('sessions of other libraries are agents', () => {
  it('CredentialSession of @atproto/api, as it is; it renews the token once for all that find it expired', async () => {
    const net = fakeNetwork({ users })
    await using server = await net.listen()
    const session = new CredentialSession(new URL(server.url))
    const client = Client.withAgent(session, { chat: net.chat })
    await assert.rejects(client.dm.unread(), { code: 'auth/required' })
    await session.login({ identifier: 'alice.test', password: net.user('alice.test').password })
    const convo = await client.dm.with('bob.test')
    net.expireTokens()
    await Promise.all(Array.from({ length: 20 }, (_, number) => convo.send(`number ${number}`)))
    const refreshes = net.requests.filter(({ method }) => method === 'com.atproto.server.refreshSession')
    assert.equal(refreshes.length, 1)
    assert.equal((await Array.fromAsync(convo.messages())).length, 20)
    assert.equal((await client.dm.doctor()).ok, true)
  })

  it('PasswordSession of @atcute, whose handler has another name', async () => {
    const net = fakeNetwork({ users })
    await using server = await net.listen()
    const { password } = net.user('alice.test')
    const session = await PasswordSession.login({ service: server.url, identifier: 'alice.test', password })
    const agent = {
      did: session.did,
      fetchHandler: (path: string, init: RequestInit) => session.handle(path, init),
    }
    const client = Client.withAgent(agent, { chat: net.chat })
    assert.ok((await client.dm.send('bob.test', 'hello')).fromMe)
  })
})
