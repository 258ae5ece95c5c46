import type { RequestListener } from 'node:http'
import { gzipSync } from 'node:zlib'
import type { Attack } from './attack.ts'
import { wordsOf } from './wire.ts'
import { callOn, nsids, type World } from './world.ts'

const json = { 'content-type': 'application/json' }
const cid = 'bafyreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'
const megabyte = 1024 * 1024
const sentMax = 16 * megabyte
const client = 'people/appview-client.ts, people/bounded-fetch.ts'

interface Row {
  what: string
  protection: string
  bound?: string
  says: (uri: string, world: World) => RequestListener
}

/** A post as an AppView shows it, good but for the text in one of its fields. */
function post(uri: string, { dids }: World, deep: string): string {
  const author = { did: dids.mallory, handle: 'mallory.test' }
  const indexedAt = '2026-01-01T00:00:00.000Z'
  const record = { $type: 'app.bsky.feed.post', text: 'hi', createdAt: indexedAt, deep: 'HERE' }
  const posts = [{ uri, cid, author, indexedAt, record }]
  return JSON.stringify({ posts }).replace('"HERE"', deep)
}

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

const rows: readonly Row[] = [
  ...[40, 4000, 15_000].map(levels => ({
    what: `a post with ${levels} levels in a field that nobody knows`,
    protection: 'embeds/posts.ts isSound',
    says: (uri: string, world: World) => body(post(uri, world, nested(levels))),
  })),
  {
    what: 'a post of 40 KB',
    protection: 'embeds/posts.ts isSound',
    says: (uri, world) => body(post(uri, world, `"${'x'.repeat(40_000)}"`)),
  },
  {
    what: 'the post of somebody else under this name',
    protection: 'embeds/posts.ts isSound',
    says: (uri, world) =>
      body(post(uri, { ...world, dids: { ...world.dids, mallory: world.dids.bob } }, '1')),
  },
  {
    what: 'a good post, and 64 MB of spaces as gzip behind it',
    protection: `${client}: counted as decompressed`,
    bound: 'less than 16 MB are taken',
    says: (uri, world) => {
      const spaces = Array.from({ length: 64 }, () => gzipSync(Buffer.alloc(megabyte, ' ')))
      const bytes = Buffer.concat([gzipSync(post(uri, world, '1')), ...spaces])
      return body(bytes, { 'content-encoding': 'gzip' })
    },
  },
  {
    what: 'a redirect to a good post',
    protection: 'people/bounded-fetch.ts getJson: no redirect is followed',
    says: (uri, world) => (request, response) => {
      if (request.url!.startsWith('/moved')) return body(post(uri, world, '1'))(request, response)
      response.writeHead(307, { location: `/moved/app.bsky.feed.getPosts` }).end()
    },
  },
  { what: 'half a megabyte of `[`', protection: client, says: () => body('['.repeat(megabyte / 2)) },
]

function body(text: string | Uint8Array, headers: Record<string, string> = {}): RequestListener {
  return (_request, response) => response.writeHead(200, { ...json, ...headers }).end(text)
}

let posts = 0

async function play(world: World, says: Row['says']): Promise<string> {
  posts += 1
  const uri = `at://${world.dids.mallory}/app.bsky.feed.post/post${posts}`
  world.appView.traps.set('app.bsky.feed.getPosts', says(uri, world))
  const sentBefore = world.appView.bytesSent()
  const embed = { $type: 'app.bsky.embed.record', record: { uri, cid } }
  const message = { text: 'look', embed }
  const call = { nsid: nsids.sendMessage, body: JSON.stringify({ convoId: world.convoIds.open, message }) }
  const exchange = await callOn(world, world.open, call)
  world.appView.traps.clear()
  const taken = world.appView.bytesSent() - sentBefore
  const { embed: shown } = JSON.parse(exchange.answers[0]!.body)
  const what = shown?.record?.notFound ? 'and the post is not found' : 'and the post is shown'
  return `${wordsOf(exchange)}, ${what}${taken < sentMax ? '' : `, having taken ${taken} bytes`}`
}

export const appView: readonly Attack[] = [
  ...rows.map(({ what, protection, bound, says }) => ({
    what,
    answer: 'answered, and the post is not found',
    protection,
    ...(bound && { bound }),
    play: (world: World) => play(world, says),
  })),
  {
    what: 'a good post, which is shown',
    answer: 'answered, and the post is shown',
    protection: 'embeds/posts.ts',
    play: world => play(world, (uri, world) => body(post(uri, world, '1'))),
  },
]
