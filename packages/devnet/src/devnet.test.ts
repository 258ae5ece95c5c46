import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import type {} from '@atcute/atproto'
import type {} from '@atcute/bluesky'
import { ok } from '@atcute/client'
import type { Did } from '@atcute/lexicons/syntax'
import { type Account, Devnet } from './devnet.ts'
import { PortTakenError } from './errors.ts'
import { openConvo, type Session, send, signIn, textsOf, toChat, wellKnownChat } from './test-session.ts'

// A place of our own for temporary folders: other tests start networks at the same time.
const temporary = await mkdtemp(join(tmpdir(), 'parley-test-'))
process.env.TMPDIR = temporary
after(() => rm(temporary, { recursive: true, force: true }))

function listConvos({ rpc, headers }: Session, chatDid: string) {
  const proxied = { ...headers, 'atproto-proxy': `${chatDid}#bsky_chat` }
  return rpc.get('chat.bsky.convo.listConvos', { headers: proxied, params: {} })
}

describe('a network', () => {
  let net: Devnet
  before(async () => {
    net = await Devnet.create()
  })
  after(() => net.close())

  test('has three friends who can sign in with each of their passwords', async () => {
    assert.deepEqual(
      net.accounts.map(account => account.handle),
      ['alice.test', 'bob.test', 'carla.test'],
    )
    for (const account of net.accounts) {
      for (const password of [account.password, account.appPassword, account.appPasswordWithoutDm]) {
        assert.equal((await signIn(net, account, password)).did, account.did)
      }
    }
  })

  test('takes direct messages from an account or app password that may, under both DIDs', async () => {
    const alice = net.account('alice.test')
    for (const password of [alice.password, alice.appPassword]) {
      const session = await signIn(net, alice, password)
      for (const chatDid of [wellKnownChat, net.chat.did]) {
        const answer = await listConvos(session, chatDid)
        assert.ok(answer.ok, JSON.stringify(answer.data))
        assert.ok(Array.isArray(answer.data.convos))
      }
    }
  })

  test('refuses direct messages to an app password without the permission', async () => {
    const alice = net.account('alice.test')
    const answer = await listConvos(await signIn(net, alice, alice.appPasswordWithoutDm), wellKnownChat)
    assert.equal(answer.status, 400)
    assert.deepEqual(answer.data, { error: 'InvalidToken', message: 'Bad token method' })
  })

  test('carries a message from alice to bob, and none to carla, who accepts nobody', async () => {
    const [alice, bob, carla] = net.accounts as [Account, Account, Account]
    const sender = await signIn(net, alice, alice.appPassword)
    const convoId = await openConvo(sender, bob.did)
    await send(sender, convoId, 'Hello Bob')
    assert.deepEqual(await textsOf(await signIn(net, bob, bob.appPassword), convoId), ['Hello Bob'])
    const headers = { ...sender.headers, ...toChat }
    const refused = await sender.rpc.get('chat.bsky.convo.getConvoForMembers', {
      headers,
      params: { members: [carla.did] },
    })
    assert.deepEqual([refused.status, (refused.data as { error: string }).error], [400, 'MessagesDisabled'])
  })

  test('shows a profile with what the viewer has to do with it', async () => {
    const { rpc, headers, did } = await signIn(net, net.account('alice.test'))
    const bob = net.account('bob.test')
    for (const actor of [bob.handle, bob.did]) {
      const profile = await ok(rpc.get('app.bsky.actor.getProfile', { headers, params: { actor } }))
      assert.equal(profile.did, bob.did)
      assert.equal(profile.handle, 'bob.test')
      assert.equal(profile.displayName, 'Bob')
      assert.match(profile.viewer!.following!, new RegExp(`^at://${did}/app.bsky.graph.follow/`))
      assert.match(profile.viewer!.followedBy!, new RegExp(`^at://${bob.did}/app.bsky.graph.follow/`))
    }
  })

  test('shows several profiles, with the chat declaration where there is one', async () => {
    const { rpc, headers } = await signIn(net, net.account('alice.test'))
    const actors = net.accounts.map(account => account.did)
    const { profiles } = await ok(rpc.get('app.bsky.actor.getProfiles', { headers, params: { actors } }))
    assert.deepEqual(
      profiles.map(profile => [profile.handle, profile.displayName, profile.associated?.chat?.allowIncoming]),
      [
        ['alice.test', 'Alice', 'all'],
        ['bob.test', 'Bob', undefined],
        ['carla.test', undefined, 'none'],
      ],
    )
  })

  test('tells relationships, and who does not exist', async () => {
    const { rpc, headers } = await signIn(net, net.account('alice.test'))
    const [alice, bob, carla] = net.accounts.map(account => account.did) as [Did, Did, Did]
    const params = { actor: alice, others: [bob, carla, 'nobody.test'] as const }
    const answer = await ok(
      rpc.get('app.bsky.graph.getRelationships', {
        headers,
        params: { ...params, others: [...params.others] },
      }),
    )
    assert.deepEqual(
      answer.relationships.map(entry =>
        'did' in entry ? [entry.did, Boolean(entry.following), Boolean(entry.followedBy)] : entry.actor,
      ),
      [[bob, true, true], [carla, false, true], 'nobody.test'],
    )
  })

  test('shows posts that exist', async () => {
    const { rpc, headers, did } = await signIn(net, net.account('alice.test'))
    const record = { $type: 'app.bsky.feed.post', text: 'Hello', createdAt: '2026-01-02T00:00:00.000Z' }
    const input = { repo: did, collection: 'app.bsky.feed.post', record } as const
    const { uri } = await ok(rpc.post('com.atproto.repo.createRecord', { headers, input }))
    const uris = [uri, `at://${did}/app.bsky.feed.post/nothing` as const]
    const { posts } = await ok(rpc.get('app.bsky.feed.getPosts', { headers, params: { uris } }))
    assert.deepEqual(
      posts.map(post => [post.uri, post.author.handle, post.record]),
      [[uri, 'alice.test', record]],
    )
  })

  test('names what its AppView cannot do', async () => {
    const { rpc, headers } = await signIn(net, net.account('alice.test'))
    const answer = await rpc.get('app.bsky.feed.getTimeline', { headers, params: {} })
    assert.equal(answer.status, 501)
    assert.equal((answer.data as { error: string }).error, 'MethodNotImplemented')
    const unknown = await rpc.get('app.bsky.actor.getProfile', { headers, params: { actor: 'nobody.test' } })
    assert.deepEqual(
      [unknown.status, unknown.data],
      [400, { error: 'InvalidRequest', message: 'Profile not found' }],
    )
  })

  test('shows itself to people and programs on this machine, and to no other host name', async () => {
    assert.deepEqual(await (await fetch(`${net.web}/network.json`)).json(), net.describe())
    assert.match(await (await fetch(net.web)).text(), /alice-password/)
    for (const path of ['/', '/network.json', '/nothing']) {
      const stranger = await getAs('evil.example', `${net.web}${path}`)
      assert.equal(stranger.status, 403)
      assert.equal(stranger.body, 'Only for this machine.\n')
    }
  })

  test('listens on the loopback address only', {
    skip: process.platform !== 'linux' && 'reads /proc',
  }, () => {
    const listening = ownListeningAddresses()
    assert.equal(listening.length, 5, 'PLC, PDS, chat, web and AppView')
    assert.deepEqual([...new Set(listening)], ['0100007F'])
  })
})

/** `fetch` sends the Host header it thinks right. */
async function getAs(host: string, url: string): Promise<{ status: number | undefined; body: string }> {
  const [answer] = (await once(get(url, { headers: { host } }), 'response')) as [IncomingMessage]
  return { status: answer.statusCode, body: await text(answer) }
}

/** Local addresses, in hex as the kernel writes them, of this process's listening TCP sockets. */
function ownListeningAddresses(): string[] {
  const own = new Set(readdirSync('/proc/self/fd').map(readLinkIfOpen))
  const rows = ['/proc/self/net/tcp', '/proc/self/net/tcp6'].flatMap(path =>
    readFileSync(path, 'utf8').split('\n').slice(1),
  )
  return rows
    .map(row => row.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === '0A' && own.has(`socket:[${inode}]`))
    .map(([, local]) => local!.split(':')[0]!)
}

function readLinkIfOpen(fd: string): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    return undefined
  }
}

test('a temporary folder goes with its network, whose addresses stop answering', async () => {
  const before = temporaryFolders()
  await using net = await Devnet.create({ seed: false })
  assert.deepEqual(net.accounts, [])
  assert.equal(temporaryFolders().length, before.length + 1)
  const urls = [net.plc.url, net.pds.url, net.chat.url, net.web]
  await net.close()
  await net.close()
  assert.deepEqual(temporaryFolders(), before)
  for (const url of urls) await assert.rejects(fetch(url), url)
})

function temporaryFolders(): string[] {
  return readdirSync(tmpdir()).filter(name => name.startsWith('parley-devnet-'))
}

test('a taken port is named, and nothing is left running', async t => {
  const other = createServer().listen(0, '127.0.0.1')
  t.after(() => other.close())
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  const before = temporaryFolders()
  await assert.rejects(Devnet.create({ ports: { web: port } }), (error: unknown) => {
    assert.ok(error instanceof PortTakenError)
    assert.equal(error.port, port)
    return true
  })
  assert.deepEqual(temporaryFolders(), before)
})
