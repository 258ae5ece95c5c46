import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Client, ok, simpleFetchHandler } from '@atcute/client'
import { Devnet } from './devnet.ts'
import { FolderInUseError, HalfSeededError } from './errors.ts'
import { openConvo, send, signIn, textsOf } from './test-session.ts'

describe('a kept data folder', () => {
  let dataDir: string
  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'parley-kept-'))
  })
  after(() => rm(dataDir, { recursive: true, force: true }))

  test('keeps accounts, sessions, follows and messages when started again on other ports', async () => {
    await using first = await Devnet.create({ dataDir })
    const { accounts } = first
    const carla = await signIn(first, first.account('carla.test'))
    const before = await signIn(first, first.account('alice.test'))
    const convoId = await openConvo(before, first.account('bob.test').did)
    await send(before, convoId, 'Still there?')
    await first.close()

    await using again = await Devnet.create({ dataDir })
    assert.deepEqual(again.accounts, accounts)
    assert.notEqual(again.pds.url, first.pds.url)
    const rpc = new Client({ handler: simpleFetchHandler({ service: again.pds.url }) })
    const { did } = await ok(rpc.get('com.atproto.server.getSession', { headers: carla.headers }))
    assert.equal(did, carla.did)
    const document = (await (await fetch(`${again.plc.url}/${did}`)).json()) as {
      service: { serviceEndpoint: string }[]
    }
    assert.equal(document.service[0]!.serviceEndpoint, again.pds.url)

    const alice = await signIn(again, again.account('alice.test'))
    assert.deepEqual(await textsOf(alice, convoId), ['Still there?'])
    const params = { actor: again.account('bob.test').did }
    const profile = await ok(rpc.get('app.bsky.actor.getProfile', { headers: alice.headers, params }))
    assert.equal(profile.displayName, 'Bob')
    assert.ok(profile.viewer?.followedBy)
  })

  test('serves one network at a time', async () => {
    await using _net = await Devnet.create({ dataDir })
    await assert.rejects(Devnet.create({ dataDir }), FolderInUseError)
  })

  test('says so where a first start was cut short', async () => {
    await rm(join(dataDir, 'accounts.json'))
    await assert.rejects(Devnet.create({ dataDir }), HalfSeededError)
  })
})
