import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { mainSchema as getServiceAuth } from '@atcute/atproto/types/server/getServiceAuth'
import { type Account, Devnet } from '@parley/devnet'
import { Client, type ClientHooks } from '@parley/sdk'
import { refusalOf } from '../packages/service/src/xrpc/testing/subscriber.ts'

const subscribeLog = 'chat.parley.convo.subscribeLog'
const getLog = 'chat.bsky.convo.getLog'

describe('the live stream behind a real PDS', () => {
  let net: Devnet
  before(async () => {
    net = await Devnet.create()
  })
  after(() => net.close())

  async function signIn({ handle }: Account, password: string, hooks: ClientHooks = {}): Promise<Client> {
    const client = new Client({ service: net.pds.url, chat: `${net.chat.did}#bsky_chat`, hooks })
    await client.login(handle, password)
    return client
  }

  it('tells of messages as they come, with an app password that may read them', async () => {
    const [alice, bob] = [net.account('alice.test'), net.account('bob.test')]
    let asked = 0
    const reader = await signIn(alice, alice.appPassword, {
      onRequest: ({ method }) => {
        if (method === getLog) asked += 1
      },
    })
    const writer = await signIn(bob, bob.password)
    const stream = reader.dm.events()
    const live = new Promise<void>(resolve => stream.onState(state => state === 'live' && resolve()))
    const texts: string[] = []
    const over = (async () => {
      for await (const event of stream) {
        if (event.type === 'message') texts.push(event.message.text)
        if (texts.length === 2) break
      }
    })()
    await live
    const convo = await writer.dm.with(alice.did)
    await convo.send('one')
    await convo.send('two')
    await over
    assert.deepEqual(texts, ['one', 'two'])
    assert.equal(asked, 1, 'where the log stands, and no more')
  })

  it('is not opened to an app password without the permission, which its PDS gives tokens of our own method', async () => {
    const alice = net.account('alice.test')
    const client = await signIn(alice, alice.appPasswordWithoutDm)
    const aud = net.chat.did
    await assert.rejects(client.call(getServiceAuth, { aud, lxm: getLog }), { code: 'auth/missing-dm-scope' })
    const { token } = await client.call(getServiceAuth, { aud, lxm: subscribeLog })
    const { status, body } = await refusalOf(`${net.chat.url}/xrpc/${subscribeLog}`, { token })
    assert.deepEqual([status, body.error], [401, 'BadJwtLexiconMethod'])
    await assert.rejects(Array.fromAsync(client.dm.events()), { code: 'auth/missing-dm-scope' })
  })
})
