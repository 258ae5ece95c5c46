import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AppBskyEmbedRecord } from '@atcute/bluesky'
import type { Did, ResourceUri } from '@atcute/lexicons/syntax'
import { is } from '@atcute/lexicons/validations'
import type { Fetch } from '../people/bounded-fetch.ts'
import type { Identity } from '../people/identity.ts'
import type { People, Person, Relationship } from '../people/people.ts'
import { AppViewRecords } from './appview-records.ts'
import { PdsRecords } from './pds-records.ts'
import type { Records, RecordView } from './records.ts'

const cid = 'bafyreibuixonbn2ehixnfkcogvbrnxo3xkfecjyicuzgjnyxdbxsrhjkgi'
const now = Date.parse('2026-06-01T00:00:00.000Z')

/** A small network: what everybody posted, who blocks whom, and what does not work just now. */
class Network {
  readonly posts = new Map<string, unknown>()
  readonly blocks = new Set<string>()
  readonly active = new Set<Did>()
  /** URLs that were asked for. */
  readonly asked: URL[] = []
  status: number | undefined
  peopleFail = false
  /** Answers wait for it. */
  held: Promise<void> | undefined
  readonly clock = {
    time: now,
    now() {
      return this.time
    },
  }

  readonly people: People = {
    profiles: async dids => {
      if (this.peopleFail) throw new Error('no people')
      return new Map(dids.filter(did => this.active.has(did)).map(did => [did, personOf(did)]))
    },
    relationships: async (actor, others) => {
      if (this.peopleFail) throw new Error('no people')
      return new Map(others.map(other => [other, this.#relationship(actor, other)]))
    },
    show: async () => new Map(),
    close: async () => {},
  }

  readonly identity: Identity = {
    signingKey: async () => undefined,
    pds: async did => (this.active.has(did) ? 'https://pds.test' : undefined),
  }

  /** Answers as an AppView and as a PDS. */
  readonly fetch: Fetch = async input => {
    const url = new URL(new Request(input).url)
    this.asked.push(url)
    await this.held
    if (this.status !== undefined) return Response.json({ error: 'Broken' }, { status: this.status })
    return url.pathname === '/xrpc/app.bsky.feed.getPosts' ? this.#getPosts(url) : this.#getRecord(url)
  }

  account(name: string): Did {
    const did: Did = `did:plc:${name.padEnd(24, 'a')}`
    this.active.add(did)
    return did
  }

  post(author: Did, rkey: string, value: unknown = postOf('hello')): ResourceUri {
    const uri: ResourceUri = `at://${author}/app.bsky.feed.post/${rkey}`
    this.posts.set(uri, value)
    return uri
  }

  #relationship(actor: Did, other: Did): Relationship {
    const uri = (by: Did): ResourceUri => `at://${by}/app.bsky.graph.block/3aaaaaaaaaaaa`
    return {
      ...(this.blocks.has(`${actor} ${other}`) && { blocking: uri(actor) }),
      ...(this.blocks.has(`${other} ${actor}`) && { blockedBy: uri(other) }),
    }
  }

  #getPosts(url: URL): Response {
    const uris = url.searchParams.getAll('uris')
    if (uris.length > 25) return Response.json({ error: 'InvalidRequest' }, { status: 400 })
    const posts = uris
      .filter(uri => this.posts.has(uri) && this.active.has(uri.split('/')[2] as Did))
      .map(uri => ({
        $type: 'app.bsky.feed.defs#postView',
        uri,
        cid,
        author: {
          $type: 'app.bsky.actor.defs#profileViewBasic',
          ...personOf(uri.split('/')[2] as Did),
          viewer: { muted: false },
        },
        record: this.posts.get(uri),
        indexedAt: '2026-05-01T00:00:00.000Z',
        likeCount: 3,
      }))
    return Response.json({ posts })
  }

  #getRecord(url: URL): Response {
    const { repo, collection, rkey } = Object.fromEntries(url.searchParams)
    const uri = `at://${repo}/${collection}/${rkey}`
    if (!this.posts.has(uri)) return Response.json({ error: 'RecordNotFound' }, { status: 400 })
    return Response.json({ uri, cid, value: this.posts.get(uri) })
  }
}

function personOf(did: Did): Person {
  return {
    did,
    handle: 'author.test',
    displayName: 'Author',
    labels: [],
    allowIncoming: 'all',
    allowGroupInvites: 'all',
  }
}

function postOf(text: unknown, createdAt = '2026-05-01T00:00:00.000Z') {
  return { $type: 'app.bsky.feed.post', text, createdAt }
}

function describeRecords(name: string, open: (network: Network) => Records): void {
  describe(name, () => {
    const viewer: Did = 'did:plc:vvvvvvvvvvvvvvvvvvvvvvvv'

    async function look(network: Network, uri: ResourceUri, records = open(network)): Promise<RecordView> {
      const views = await records.views([uri], viewer)
      assert.deepEqual([...views.keys()], [uri])
      const record = views.get(uri)!
      assert.ok(is(AppBskyEmbedRecord.viewSchema, { $type: 'app.bsky.embed.record#view', record }))
      return record
    }

    test('a post is shown with its author, and with nothing that depends on who looks', async () => {
      const network = new Network()
      const author = network.account('author')
      const uri = network.post(author, '3aaaaaaaaaaaa')
      const { likeCount: _, ...view } = (await look(network, uri)) as AppBskyEmbedRecord.ViewRecord
      assert.deepEqual(view, {
        $type: 'app.bsky.embed.record#viewRecord',
        uri,
        cid,
        author: { did: author, handle: 'author.test', displayName: 'Author', labels: [] },
        value: postOf('hello'),
        indexedAt: '2026-05-01T00:00:00.000Z',
      })
    })

    test('a post is blocked where either of the two blocks the other', async () => {
      const network = new Network()
      const author = network.account('author')
      const uri = network.post(author, '3aaaaaaaaaaaa')
      network.blocks.add(`${viewer} ${author}`)
      const blocking = `at://${viewer}/app.bsky.graph.block/3aaaaaaaaaaaa`
      const blocked = { $type: 'app.bsky.embed.record#viewBlocked', uri, blocked: true }
      assert.deepEqual(await look(network, uri), {
        ...blocked,
        author: { did: author, viewer: { blockedBy: false, blocking } },
      })
      network.blocks.clear()
      network.blocks.add(`${author} ${viewer}`)
      assert.deepEqual(await look(network, uri), {
        ...blocked,
        author: { did: author, viewer: { blockedBy: true } },
      })
    })

    test('what is missing, of another kind, hostile or named by a handle is not found', async () => {
      const network = new Network()
      const author = network.account('author')
      const gone: Did = 'did:plc:gonegonegonegonegonegone'
      const uris: string[] = [
        `at://${author}/app.bsky.feed.post/missing`,
        network.post(gone, '3aaaaaaaaaaaa'),
        network.post(author, 'not-a-post', { $type: 'app.bsky.graph.list', name: 'x' }),
        network.post(author, 'bad-text', postOf(42)),
        network.post(author, 'long-text', postOf('x'.repeat(10_000))),
        network.post(author, 'null', null),
        network.post(author, 'padded', { ...postOf('hello'), padding: 'x'.repeat(32 * 1024) }),
        `at://${author}/app.bsky.graph.list/3aaaaaaaaaaaa`,
        'at://author.test/app.bsky.feed.post/3aaaaaaaaaaaa',
        `at://${author}`,
      ]
      for (const uri of uris as ResourceUri[]) {
        const view = await look(network, uri)
        assert.deepEqual(view, { $type: 'app.bsky.embed.record#viewNotFound', uri, notFound: true }, uri)
      }
    })

    test('many posts are answered at once, each once, and one that fails leaves the others', async () => {
      const network = new Network()
      const author = network.account('author')
      const uris = Array.from({ length: 60 }, (_, i) =>
        network.post(author, `post-${i}`, postOf(i === 30 ? 0 : 'hello')),
      )
      const views = await open(network).views([...uris, ...uris], viewer)
      assert.equal(views.size, 60)
      const found = uris.filter(uri => views.get(uri)?.$type === 'app.bsky.embed.record#viewRecord')
      assert.equal(found.length, 59)
    })

    test('a post of just under 32 KB is shown', async () => {
      const network = new Network()
      const value = { ...postOf('hello'), padding: 'x'.repeat(32 * 1024 - 200) }
      const uri = network.post(network.account('author'), '3aaaaaaaaaaaa', value)
      assert.equal((await look(network, uri)).$type, 'app.bsky.embed.record#viewRecord')
    })

    test('large posts push out one another rather than fill the memory', async () => {
      const network = new Network()
      const author = network.account('author')
      const value = { ...postOf('hello'), padding: 'x'.repeat(32 * 1024 - 200) }
      const records = open(network)
      const first = network.post(author, 'first', value)
      await look(network, first, records)
      const uris = Array.from({ length: 1100 }, (_, i) => network.post(author, `post-${i}`, value))
      for (let i = 0; i < uris.length; i += 25) await records.views(uris.slice(i, i + 25), viewer)
      const asked = network.asked.length
      await look(network, uris.at(-1)!, records)
      assert.equal(network.asked.length, asked)
      await look(network, first, records)
      assert.equal(network.asked.length, asked + 1)
    })

    test('what is not known in a second and a half is not found this time, and there the next', async t => {
      t.mock.timers.enable({ apis: ['setTimeout'] })
      const network = new Network()
      const uri = network.post(network.account('author'), '3aaaaaaaaaaaa')
      const records = open(network)
      const held = Promise.withResolvers<void>()
      network.held = held.promise
      let isShown = false
      const late = look(network, uri, records).finally(() => {
        isShown = true
      })
      await turns()
      t.mock.timers.tick(1499)
      await turns()
      assert.equal(isShown, false)
      t.mock.timers.tick(1)
      assert.equal((await late).$type, 'app.bsky.embed.record#viewNotFound')
      held.resolve()
      await turns()
      assert.equal((await look(network, uri, records)).$type, 'app.bsky.embed.record#viewRecord')
      assert.equal(network.asked.length, 1)
    })

    test('a post is not waited for longer where nobody says who blocks whom', async t => {
      t.mock.timers.enable({ apis: ['setTimeout'] })
      const network = new Network()
      const uri = network.post(network.account('author'), '3aaaaaaaaaaaa')
      network.people.relationships = () => new Promise(() => {})
      const late = look(network, uri)
      await turns()
      t.mock.timers.tick(1500)
      assert.equal((await late).$type, 'app.bsky.embed.record#viewNotFound')
    })

    test('a network that is down shows nothing, and is asked again after half a minute', async () => {
      const network = new Network()
      const uri = network.post(network.account('author'), '3aaaaaaaaaaaa')
      const records = open(network)
      network.status = 503
      assert.equal((await look(network, uri, records)).$type, 'app.bsky.embed.record#viewNotFound')
      network.status = undefined
      assert.equal((await look(network, uri, records)).$type, 'app.bsky.embed.record#viewNotFound')
      assert.equal(network.asked.length, 1)
      network.clock.time += 30_000
      assert.equal((await look(network, uri, records)).$type, 'app.bsky.embed.record#viewRecord')
    })

    test('a post is not shown while nobody knows who blocks whom', async () => {
      const network = new Network()
      const uri = network.post(network.account('author'), '3aaaaaaaaaaaa')
      const records = open(network)
      assert.equal((await look(network, uri, records)).$type, 'app.bsky.embed.record#viewRecord')
      network.peopleFail = true
      assert.equal((await look(network, uri, records)).$type, 'app.bsky.embed.record#viewNotFound')
    })

    test('a deleted post is gone after a minute or, for whoever looks first, five', async () => {
      const network = new Network()
      const uri = network.post(network.account('author'), '3aaaaaaaaaaaa')
      const records = open(network)
      await look(network, uri, records)
      network.posts.delete(uri)
      assert.equal((await look(network, uri, records)).$type, 'app.bsky.embed.record#viewRecord')
      assert.equal(network.asked.length, 1)
      network.clock.time += 5 * 60_000
      assert.equal((await look(network, uri, records)).$type, 'app.bsky.embed.record#viewNotFound')
    })
  })
}

/** Long enough for everything that waits for no timer. */
async function turns(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise(resolve => setImmediate(resolve))
}

describeRecords(
  'posts from an AppView',
  ({ people, clock, fetch }) => new AppViewRecords({ url: 'http://appview.test', people, clock, fetch }),
)
describeRecords(
  'posts from the PDS of their author',
  ({ people, clock, fetch, identity }) =>
    new PdsRecords({ identity, people, allowPrivateNetwork: false, clock, fetch }),
)

describe('posts from a PDS', () => {
  const viewer: Did = 'did:plc:vvvvvvvvvvvvvvvvvvvvvvvv'

  test('a host that is slow does not make the posts of others late', async t => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const network = new Network()
    const [slow, quick] = [network.account('slow'), network.account('quick')]
    const uris = [slow, quick].map(author => network.post(author, '3aaaaaaaaaaaa'))
    const { people, clock, identity } = network
    const { fetch: answer } = network
    const fetch: Fetch = async input => {
      const { url } = new Request(input)
      return url.includes(encodeURIComponent(slow)) ? new Promise(() => {}) : answer(url)
    }
    const records = new PdsRecords({ identity, people, allowPrivateNetwork: false, clock, fetch })
    const views = records.views(uris, viewer)
    await turns()
    t.mock.timers.tick(1500)
    assert.deepEqual(
      [...(await views).values()].map(view => view.$type),
      ['app.bsky.embed.record#viewNotFound', 'app.bsky.embed.record#viewRecord'],
    )
  })

  test('a post dated in the future counts as indexed now', async () => {
    const network = new Network()
    const uri = network.post(
      network.account('author'),
      '3aaaaaaaaaaaa',
      postOf('soon', '2099-01-01T00:00:00.000Z'),
    )
    const { people, clock, fetch, identity } = network
    const records = new PdsRecords({ identity, people, allowPrivateNetwork: false, clock, fetch })
    const view = (await records.views([uri], viewer)).get(uri) as AppBskyEmbedRecord.ViewRecord
    assert.equal(view.indexedAt, new Date(now).toISOString())
  })

  test('a PDS on a private address is not asked, unless the whole network is private', async () => {
    const network = new Network()
    const uri = network.post(network.account('author'), '3aaaaaaaaaaaa')
    const { people, clock, fetch } = network
    const identity: Identity = { ...network.identity, pds: async () => 'http://127.0.0.1:2583' }
    const look = async (allowPrivateNetwork: boolean) => {
      const records = new PdsRecords({ identity, people, allowPrivateNetwork, clock, fetch })
      return (await records.views([uri], viewer)).get(uri)?.$type
    }
    assert.equal(await look(false), 'app.bsky.embed.record#viewNotFound')
    assert.equal(network.asked.length, 0)
    assert.equal(await look(true), 'app.bsky.embed.record#viewRecord')
  })
})
