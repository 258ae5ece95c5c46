import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { CredentialSession } from '@atproto/api'
import { Devnet } from '@parley/devnet'
import { Client, type DoctorReport } from '@parley/sdk'

describe('the account itself, on a real PDS', () => {
  let net: Devnet
  const chat = () => `${net.chat.did}#bsky_chat`
  before(async () => {
    net = await Devnet.create()
  })
  after(() => net[Symbol.asyncDispose]())

  async function logIn(handle: string, password = net.account(handle).appPassword): Promise<Client> {
    const client = new Client({ service: net.pds.url, chat: chat() })
    await client.login(handle, password)
    return client
  }

  const wrong = ({ checks }: DoctorReport) => checks.filter(({ ok }) => !ok).map(({ name }) => name)

  it('is found well by the doctor, with a password or an agent', async () => {
    const alice = await logIn('alice.test')
    const session = new CredentialSession(new URL(net.pds.url))
    await session.login({ identifier: 'alice.test', password: net.account('alice.test').appPassword })
    for (const client of [alice, Client.withAgent(session, { chat: chat() })]) {
      const report = await client.dm.doctor()
      assert.deepEqual(wrong(report), [])
      assert.ok(report.checks.some(({ detail }) => detail.startsWith('alice.test (did:plc:')))
      assert.ok(report.checks.some(({ detail }) => detail.startsWith('Parley ')))
    }
  })

  it('lacks a permission, or a service, and the doctor says which', async () => {
    const { appPasswordWithoutDm } = net.account('alice.test')
    const alice = await logIn('alice.test', appPasswordWithoutDm)
    assert.deepEqual(wrong(await alice.dm.doctor()), ['permission'])
    const lost = (await logIn('alice.test')).withChatService('did:web:localhost%3A1#bsky_chat')
    assert.deepEqual(wrong(await lost.dm.doctor({ retry: false })), ['chat service'])
  })

  it('says from whom it accepts messages, and the service hears of it', async () => {
    const [alice, bob] = await Promise.all([logIn('alice.test'), logIn('bob.test')])
    await alice.dm.setAllowIncoming('none', 'following')
    assert.deepEqual(await alice.dm.allowIncoming(), { incoming: 'none', groups: 'following' })
    const deadline = AbortSignal.timeout(5000)
    while ((await bob.dm.canMessage('alice.test')).ok) {
      deadline.throwIfAborted()
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    await assert.rejects(bob.dm.with('alice.test'), { code: 'recipient/disabled' })
    await alice.dm.setAllowIncoming('all')
    assert.deepEqual(await alice.dm.allowIncoming(), { incoming: 'all', groups: 'following' })
    while (!(await bob.dm.canMessage('alice.test')).ok) {
      deadline.throwIfAborted()
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    await bob.dm.send('alice.test', 'hello')
    const lines = await Array.fromAsync(alice.dm.export())
    assert.equal(JSON.parse(lines.at(-1)!).message.text, 'hello')
  })
})
