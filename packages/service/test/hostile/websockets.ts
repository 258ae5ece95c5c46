import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { deflateRawSync } from 'node:zlib'
import { openLogs, openModEvents } from '../../src/limits.ts'
import type { Attack } from './attack.ts'
import { dial, hearOut, say, wordsOf } from './wire.ts'
import { nsids, tokenOf, type World } from './world.ts'

const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='
const version = 'Sec-WebSocket-Version: 13'
const offer = 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits'

/** The head of mona's handshake, who moderates. */
async function handshake(world: World, lines: readonly string[] = [key, version]): Promise<string> {
  const token = await tokenOf(world, nsids.subscribeModEvents, { name: 'mona' })
  return headOf(nsids.subscribeModEvents, [`Authorization: Bearer ${token}`, ...lines])
}

/** That of alice's for her own log, with these subprotocols. */
function logHandshake(protocols: readonly string[], lines: readonly string[] = []): string {
  const offered = `Sec-WebSocket-Protocol: ${protocols.join(', ')}`
  return headOf(nsids.subscribeLog, [key, version, offered, ...lines])
}

function headOf(nsid: string, lines: readonly string[]): string {
  const head = [`GET /xrpc/${nsid} HTTP/1.1`, 'Host: x', 'Connection: Upgrade', 'Upgrade: websocket']
  return [...head, ...lines, '\r\n'].join('\r\n')
}

interface FrameBits {
  /** Opcode, and the bits before it. Default: a final text. */
  first?: number
  isMasked?: boolean
  /** Default: that of the payload. */
  length?: number
}

function frame(payload: Uint8Array, { first = 0x81, isMasked = true, length }: FrameBits = {}): Buffer {
  const size = length ?? payload.length
  const mark = isMasked ? 0x80 : 0
  const head = size < 126 ? Buffer.of(first, mark | size) : Buffer.alloc(size < 65_536 ? 4 : 10)
  if (size >= 126) {
    head[0] = first
    head[1] = mark | (size < 65_536 ? 126 : 127)
    if (size < 65_536) head.writeUInt16BE(size, 2)
    else head.writeBigUInt64BE(BigInt(size), 2)
  }
  if (!isMasked) return Buffer.concat([head, payload])
  const mask = randomBytes(4)
  return Buffer.concat([head, mask, payload.map((byte, i) => byte ^ mask[i % 4]!)])
}

/** The code with which the service closes after these frames. */
async function closeCode(world: World, pieces: readonly Uint8Array[], extension?: string): Promise<string> {
  const socket = await dial(world.open.port)
  const received: Buffer[] = []
  socket.on('data', (data: Buffer) => received.push(data))
  socket.write(await handshake(world, extension ? [key, version, extension] : undefined))
  while (!Buffer.concat(received).includes('\r\n\r\n')) await once(socket, 'data')
  const bytesBefore = Buffer.concat(received).length
  await pourFrames(socket, pieces)
  if (!socket.readableEnded) await Promise.race([once(socket, 'end'), once(socket, 'close')])
  socket.destroy()
  const answer = Buffer.concat(received)
  if (answer.subarray(0, bytesBefore).includes('permessage-deflate')) return 'compression agreed on'
  // A close frame: opcode 8, a length, then the code.
  const close = answer.lastIndexOf(0x88)
  return close < bytesBefore ? 'closed' : `closed with ${answer.readUInt16BE(close + 2)}`
}

async function pourFrames(socket: Socket, pieces: readonly Uint8Array[]): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed || socket.readableEnded) return
    socket.write(piece)
    await sleep(0)
  }
}

const zeros = Buffer.alloc(16 * 1024)
const small = Buffer.from('hello')
const frames = 'xrpc/websockets.ts: ws'

const shapes: readonly {
  what: string
  answer: string
  protection?: string
  pieces: readonly Uint8Array[]
  extension?: string
}[] = [
  {
    what: 'a frame of 16 KB',
    answer: 'closed with 1009',
    protection: 'limits.ts receivedBytesMax',
    pieces: [frame(zeros)],
  },
  {
    what: 'the head of a frame that announces 2^40 bytes',
    answer: 'closed with 1009',
    protection: 'limits.ts receivedBytesMax',
    pieces: [frame(small, { length: 2 ** 40 })],
  },
  {
    what: 'a message in a thousand fragments of 5 bytes, without an end',
    answer: 'closed with 1009',
    protection: 'limits.ts receivedBytesMax',
    pieces: Array.from({ length: 1000 }, (_, i) => frame(small, { first: i === 0 ? 0x01 : 0x00 })),
  },
  {
    what: 'a frame that is not masked',
    answer: 'closed with 1002',
    pieces: [frame(small, { isMasked: false })],
  },
  { what: 'a reserved bit', answer: 'closed with 1002', pieces: [frame(small, { first: 0xa1 })] },
  { what: 'an opcode that is none', answer: 'closed with 1002', pieces: [frame(small, { first: 0x83 })] },
  { what: 'a fragment of nothing', answer: 'closed with 1002', pieces: [frame(small, { first: 0x80 })] },
  {
    what: 'a ping of 200 bytes',
    answer: 'closed with 1002',
    pieces: [frame(Buffer.alloc(200), { first: 0x89 })],
  },
  { what: 'a text that is no UTF-8', answer: 'closed with 1007', pieces: [frame(Buffer.of(0xff, 0xfe))] },
  {
    what: 'half a megabyte in 500 bytes: a compressed message, compression offered',
    answer: 'closed with 1002',
    protection: 'xrpc/websockets.ts: ws, without permessage-deflate',
    pieces: [frame(deflateRawSync(Buffer.alloc(1024 * 1024)).subarray(0, 500), { first: 0xc1 })],
    extension: offer,
  },
]

const handshakes: readonly { what: string; lines: readonly string[] }[] = [
  { what: 'no key', lines: [version] },
  { what: 'a key that is none', lines: ['Sec-WebSocket-Key: short', version] },
  { what: 'a key of 4 KB', lines: [`Sec-WebSocket-Key: ${'A'.repeat(4096)}`, version] },
  { what: 'version 12', lines: [key, 'Sec-WebSocket-Version: 12'] },
  { what: 'subprotocols that are none', lines: [key, version, 'Sec-WebSocket-Protocol: a,,a b'] },
]

export const websockets: readonly Attack[] = [
  ...handshakes.map(
    ({ what, lines }): Attack => ({
      what: `a handshake with ${what}`,
      answer: '400 InvalidRequest',
      protection: 'xrpc/websockets.ts wsClientError',
      // Of mona, and one that the flood before may have left under way.
      lookUpsMax: 2,
      play: async world => wordsOf(await say(world.open.port, await handshake(world, lines))),
    }),
  ),
  ...shapes.map(
    ({ what, answer, protection = frames, pieces, extension }): Attack => ({
      what,
      answer,
      protection,
      play: world => closeCode(world, pieces, extension),
    }),
  ),
  {
    what: 'more subscriptions than one account may have open',
    answer: `${openModEvents.perAccountMax} opened, 429 RateLimitExceeded`,
    protection: 'xrpc/slots.ts',
    play: async world => {
      const sockets = await Promise.all(
        Array.from({ length: openModEvents.perAccountMax }, () => opened(world)),
      )
      const words = wordsOf(await hearOut(await dial(world.open.port), [await handshake(world)]))
      for (const socket of sockets) socket.destroy()
      return `${sockets.length} opened, ${words}`
    },
  },
  {
    what: 'more streams of one log than one account may have open',
    answer: `${openLogs.perAccountMax} opened, 429 RateLimitExceeded`,
    protection: 'xrpc/slots.ts',
    play: async world => {
      const token = await tokenOf(world, nsids.getLog)
      const head = logHandshake(['xrpc.v0.json', `bearer.${token}`])
      const sockets = await Promise.all(
        Array.from({ length: openLogs.perAccountMax }, () => opened(world, head)),
      )
      const words = wordsOf(await hearOut(await dial(world.open.port), [head]))
      for (const socket of sockets) socket.destroy()
      return `${sockets.length} opened, ${words}`
    },
  },
  {
    what: 'a subprotocol that is no token',
    answer: '401 BadJwt',
    protection: 'auth/service-jwt.ts',
    play: async world => wordsOf(await say(world.open.port, logHandshake(['xrpc.v0.json', 'bearer.a.b.c']))),
  },
  {
    what: 'a good token among the subprotocols and another in the header',
    answer: '401 BadJwt',
    protection: 'auth/service-jwt.ts',
    play: async world => {
      const token = await tokenOf(world, nsids.getLog)
      const other = [`Authorization: Bearer ${await tokenOf(world, nsids.getLog, { name: 'mallory' })}`]
      return wordsOf(await say(world.open.port, logHandshake(['xrpc.v0.json', `bearer.${token}`], other)))
    },
  },
  {
    what: 'a good call behind the handshake, as if through a tunnel',
    answer: 'closed with 1002',
    protection: frames,
    play: async world => {
      const token = await tokenOf(world, nsids.getLog)
      const inner = `GET /xrpc/${nsids.getLog} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`
      return closeCode(world, [Buffer.from(inner)])
    },
  },
]

async function opened(world: World, head?: string): Promise<Socket> {
  const socket = await dial(world.open.port)
  socket.write(head ?? (await handshake(world)))
  const [answer] = (await once(socket, 'data')) as [Buffer]
  if (!answer.toString('latin1').startsWith('HTTP/1.1 101')) throw new Error('not opened')
  return socket
}
