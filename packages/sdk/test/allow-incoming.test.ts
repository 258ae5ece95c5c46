import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeNetwork } from '../src/fake-network/index.ts'
import { Client } from '../src/index.ts'
import { ALICE, refusal, startPds } from '../src/testing/toy-pds.ts'

const record = 'chat.bsky.actor.declaration'

describe('who may begin a conversation', () => {
  it('is set and read, and holds at once, whatever proxy the client has', async () => {
    const net = fakeNetwork({ users: ['alice.test', 'bob.test'] })
    const [alice, bob] = await Promise.all([net.client('alice.test'), net.client('bob.test')])
    const proxied = alice.withProxy('bsky_chat', net.chat.split('#')[0]!)
    await proxied.dm.setAllowIncoming('none')
    assert.deepEqual(await proxied.dm.allowIncoming(), { incoming: 'none', groups: 'none' })
    await assert.rejects(bob.dm.with('alice.test'), { code: 'recipient/disabled' })
    await alice.dm.setAllowIncoming('following', 'all')
    assert.deepEqual(await alice.dm.allowIncoming(), { incoming: 'following', groups: 'all' })
    await assert.rejects(bob.dm.with('alice.test'), { code: 'recipient/requires-follow' })
    await alice.dm.setAllowIncoming('all')
    assert.deepEqual(await alice.dm.allowIncoming(), { incoming: 'all', groups: 'all' })
    await bob.dm.with('alice.test')
  })

  it('keeps what others wrote into the record, and is not written over what they write meanwhile', async () => {
    await using pds = await startPds()
    const cid = 'bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a'
    const uri = `at://${ALICE}/${record}/self`
    const value = { $type: record, allowIncoming: 'all', allowGroupInvites: 'none', newer: 1 }
    pds.on('com.atproto.repo.getRecord', () => ({ json: { uri, cid, value } }))
    pds.on('com.atproto.repo.putRecord', () => ({ json: { uri, cid } }))
    const client = new Client(pds.url)
    await client.login('alice.test', 'password')
    await client.dm.setAllowIncoming('following')
    assert.deepEqual(pds.received.at(-1)?.body, {
      repo: ALICE,
      collection: record,
      rkey: 'self',
      record: { ...value, allowIncoming: 'following' },
      swapRecord: cid,
    })
    pds.on('com.atproto.repo.putRecord', () => refusal(400, 'InvalidSwap', 'Record was at another cid'))
    await assert.rejects(client.dm.setAllowIncoming('all'), { lexError: 'InvalidSwap' })
    pds.on('com.atproto.repo.getRecord', () => refusal(400, 'RecordNotFound', 'Could not locate record'))
    assert.deepEqual(await client.dm.allowIncoming(), { incoming: 'following', groups: 'following' })
    await assert.rejects(new Client(pds.url).dm.allowIncoming(), { code: 'auth/required' })
  })
})
