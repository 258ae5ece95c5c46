import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { createTestKey, testDid } from '../../src/auth/test-tokens.ts'
import type { Attack } from './attack.ts'
import { forge, quoted } from './forge.ts'
import { dial, type Exchange, hearOut, wordsOf } from './wire.ts'
import { callOn, nsids, tokenOf, type World } from './world.ts'

const megabyte = 1024 * 1024
const block = Buffer.alloc(64 * 1024, ' ')
const blocks = 4096

/** What the system holds of a connection on both ends, and as much again. */
const takenMax = 32 * megabyte

const heads = {
  announced: `Content-Length: ${blocks * block.length}`,
  'in chunks': 'Transfer-Encoding: chunked',
}

/** 256 MB on a connection that would be kept open, and one more request behind it. */
async function pour(world: World, head: string, isChunked: boolean): Promise<string> {
  function* pieces(): Iterable<string | Uint8Array> {
    yield `${head}\r\n\r\n`
    for (let sent = 0; sent < blocks; sent += 1) {
      if (isChunked) yield `${block.length.toString(16)}\r\n`
      yield block
      if (isChunked) yield '\r\n'
    }
    yield `${isChunked ? '0\r\n\r\n' : ''}GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`
  }
  const exchange = await hearOut(await dial(world.open.port), pieces())
  return withinBytes(exchange)
}

function withinBytes(exchange: Exchange): string {
  const taken = exchange.bytesTaken < takenMax ? '' : `, having read ${exchange.bytesTaken} bytes`
  return wordsOf(exchange) + taken
}

const bodies: Attack[] = (Object.keys(heads) as (keyof typeof heads)[]).flatMap(how =>
  [
    { who: 'alice', answer: '413 PayloadTooLarge', path: `/xrpc/${nsids.sendMessage}` },
    { who: 'a stranger', answer: '401 AuthMissing', path: `/xrpc/${nsids.sendMessage}` },
    { who: 'a stranger, for a method that is none', answer: '404 NotFound', path: '/nothing' },
  ].map(({ who, answer, path }) => ({
    what: `256 MB, ${how}, of ${who}`,
    answer,
    protection: 'xrpc/read-body.ts, xrpc/bound-connection.ts boundUnread',
    bound: 'a megabyte is read after the answer, then the connection is closed',
    play: async (world: World) => {
      const lines = [`POST ${path} HTTP/1.1`, 'Host: x', 'Content-Type: application/json', heads[how]]
      if (who === 'alice') lines.push(`Authorization: Bearer ${await tokenOf(world, nsids.sendMessage)}`)
      return pour(world, lines.join('\r\n'), how === 'in chunks')
    },
  })),
)

/** A token that is looked at for as long as the directory takes, which is three seconds here. */
async function slowToken(world: World): Promise<string> {
  const iss = testDid('slowtolookup')
  world.plc.traps.set(iss, () => {})
  return forge(world, { key: await createTestKey(), claims: { iss: quoted(iss) } })
}

function* repeated(request: string, times: number): Iterable<string> {
  const hundred = request.repeat(100)
  for (let sent = 0; sent < times; sent += 100) yield hundred
  yield 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
}

export const floods: readonly Attack[] = [
  ...bodies,
  {
    what: 'a request of 16 MB in 25 KB: gzip',
    answer: '400 InvalidRequest',
    protection: 'xrpc/read-body.ts: nothing is decompressed',
    play: async world => {
      const body = Buffer.concat(Array.from({ length: 256 }, () => gzipSync(block)))
      const headers = ['Content-Encoding: gzip']
      return wordsOf(await callOn(world, world.open, { nsid: nsids.sendMessageBatch, body, headers }))
    },
  },
  ...['gzip', 'br', 'deflate', 'zstd', 'GZIP', 'gzip, identity', 'x-unknown'].map(encoding => ({
    what: `a body that says "Content-Encoding: ${encoding}"`,
    answer: '400 InvalidRequest',
    protection: 'xrpc/read-body.ts: nothing is decompressed',
    play: async (world: World) => {
      // Not compressed, so that it would be a good one, were the header not looked at.
      const body = JSON.stringify({ convoId: world.convoIds.open, message: { text: 'encoded' } })
      const headers = [`Content-Encoding: ${encoding}`]
      return wordsOf(await callOn(world, world.open, { nsid: nsids.sendMessage, body, headers }))
    },
  })),
  {
    what: 'a hundred thousand requests on one connection at once, whose issuer is slow to look up',
    answer: 'closed',
    protection: 'xrpc/bound-connection.ts enter',
    bound: '64 are worked on, then the connection is closed',
    lookUpsMax: 2,
    play: async world => {
      const token = await slowToken(world)
      const one = `GET /xrpc/${nsids.getLog} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`
      return withinBytes(await hearOut(await dial(world.open.port), repeated(one, 100_000)))
    },
  },
]

/** Each is over when the service has had enough of it, all of them at one time. */
export const slow: readonly Attack[] = [
  {
    what: 'a head that comes by one byte in a second',
    answer: '408 InvalidRequest',
    protection: 'limits.ts headersTimeoutMs; xrpc/error-response.ts unreadableRequestResponse',
    bound: 'sooner than a body that was begun at the same time',
    play: world => soonerThanBody(world, () => drip(world, 'GET /')),
  },
  {
    what: 'alice’s body that comes by one byte in a second',
    answer: '408 InvalidRequest',
    protection: 'limits.ts requestTimeoutMs',
    play: async world => drip(world, await postHead(await tokenOf(world, nsids.sendMessage))),
  },
  {
    what: 'a stranger’s body that comes by one byte in a second',
    answer: '401 AuthMissing, 408 InvalidRequest',
    protection: 'limits.ts requestTimeoutMs',
    play: async world => drip(world, await postHead(undefined)),
  },
  {
    what: 'three hundred connections that say nothing, and one that goes on working',
    answer: '408 InvalidRequest',
    protection: 'limits.ts headersTimeoutMs',
    bound: 'sooner than a body that was begun at the same time',
    play: world => soonerThanBody(world, () => threeHundred(world)),
  },
]

/** Without a clock: what heads are allowed is less than what whole requests are, so one begun before them outlives them. */
async function soonerThanBody(world: World, play: () => Promise<string>): Promise<string> {
  const body = await dial(world.open.port)
  const over = dripOn(body, await postHead(undefined)).then(() => 'not before a body')
  await once(body, 'data')
  const words = play()
  const first = await Promise.race([over, words])
  await Promise.all([over, words])
  return first
}

async function postHead(token: string | undefined): Promise<string> {
  const lines = [`POST /xrpc/${nsids.sendMessage} HTTP/1.1`, 'Host: x', 'Content-Type: application/json']
  if (token !== undefined) lines.push(`Authorization: Bearer ${token}`)
  return `${lines.join('\r\n')}\r\nContent-Length: 1000\r\n\r\n`
}

async function threeHundred(world: World): Promise<string> {
  const silent = Array.from({ length: 300 }, async () =>
    wordsOf(await hearOut(await dial(world.open.port), [])),
  )
  const good = await callOn(world, world.open, { nsid: nsids.getLog })
  if (wordsOf(good) !== 'answered') return `a good call was ${wordsOf(good)}`
  return [...new Set(await Promise.all(silent))].join(' or ')
}

async function drip(world: World, head: string): Promise<string> {
  return dripOn(await dial(world.open.port), head)
}

async function dripOn(socket: Socket, head: string): Promise<string> {
  const over = hearOut(socket, [head])
  const dripping = new AbortController()
  const drops = (async () => {
    while (!dripping.signal.aborted && socket.writable) {
      socket.write(' ')
      await sleep(1000, undefined, { signal: dripping.signal }).catch(() => {})
    }
  })()
  const exchange = await over
  dripping.abort()
  await drops
  return wordsOf(exchange)
}
