import type { Attack } from './attack.ts'
import { say, wordsOf } from './wire.ts'
import { nsids, request, type World } from './world.ts'

const node = 'node:http; xrpc/error-response.ts unreadableRequestResponse'

interface Row {
  what: string
  /** Default: refused as unreadable. */
  answer?: string
  protection?: string
  /** All that is sent before a good call of alice's, which must not be found in it. */
  bytes: (smuggled: string) => string
}

const post = `POST /xrpc/${nsids.sendMessage} HTTP/1.1\r\nHost: x\r\n`
const get = `GET /xrpc/${nsids.getLog} HTTP/1.1\r\nHost: x\r\n`
const close = 'Connection: close\r\n'

const lengths: readonly Row[] = [
  {
    what: 'Content-Length and Transfer-Encoding',
    bytes: () => `${post}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  },
  {
    what: 'Transfer-Encoding and Content-Length',
    bytes: () => `${post}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
  },
  { what: 'two Content-Lengths', bytes: () => `${post}Content-Length: 0\r\nContent-Length: 9\r\n\r\n` },
  { what: 'two Content-Lengths in one', bytes: () => `${post}Content-Length: 0, 9\r\n\r\n` },
  ...['-1', '+0', '0x0', '1e1', '', '99999999999999999999999', '0 0'].map(length => ({
    what: `Content-Length "${length}"`,
    bytes: () => `${post}Content-Length: ${length}\r\n\r\n`,
  })),
]

const encodings: readonly Row[] = [
  ...['xchunked', 'chunked, identity', 'chunked\r\nTransfer-Encoding: identity', '\u000bchunked'].map(
    encoding => ({
      what: `Transfer-Encoding ${JSON.stringify(encoding)}`,
      bytes: () => `${post}Transfer-Encoding: ${encoding}\r\n\r\n0\r\n\r\n`,
    }),
  ),
  {
    what: 'a space before the colon of Transfer-Encoding',
    bytes: () => `${post}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
  },
  ...['fffffffffffffffff', '-1', '0x0', 'g', ''].map(size => ({
    what: `a chunk of size "${size}"`,
    bytes: () => `${post}Transfer-Encoding: chunked\r\n\r\n${size}\r\n\r\n`,
  })),
  {
    what: 'a chunk longer than its size',
    bytes: () => `${post}Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n`,
  },
  {
    what: 'chunk extensions of 20 KB',
    bytes: () => `${post}Transfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(20_000)}\r\na\r\n0\r\n\r\n`,
  },
]

const lines: readonly Row[] = [
  {
    what: 'lines that end in LF alone',
    bytes: () => `${get}Transfer-Encoding: x\n\r\n`.replaceAll('\r\n', '\n'),
  },
  { what: 'CR alone within a header', bytes: () => `${get}A: b\rC: d\r\n\r\n` },
  { what: 'a header that goes on in the next line', bytes: () => `${get}A: b\r\n c\r\n\r\n` },
  { what: 'NUL in a header', bytes: () => `${get}A: b\u0000c\r\n\r\n` },
  {
    what: 'headers of 20 KB',
    answer: '431 InvalidRequest',
    bytes: () => `${get}A: ${'b'.repeat(20_000)}\r\n\r\n`,
  },
  { what: 'a verb that HTTP has not', bytes: () => `${get.replace('GET', 'STEAL')}\r\n` },
  { what: 'the preface of HTTP/2', bytes: () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' },
  { what: 'the hello of TLS', bytes: () => '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001' },
  {
    what: 'CONNECT, as to a proxy',
    answer: 'closed',
    protection: 'node:http',
    bytes: () => `CONNECT localhost:443 HTTP/1.1\r\nHost: x\r\n\r\n`,
  },
]

const insides: readonly Row[] = [
  {
    what: 'a request as the body of a query',
    answer: '401 AuthMissing',
    protection: 'node:http: a body is a body, whoever wants it',
    bytes: smuggled => `${get}${close}Content-Length: ${smuggled.length}\r\n\r\n`,
  },
  {
    what: 'a request as the body of a WebSocket handshake',
    answer: '401 AuthMissing',
    protection: 'xrpc/websockets.ts refuse: the connection ends',
    bytes: smuggled =>
      [
        `GET /xrpc/${nsids.subscribeModEvents} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n`,
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n`,
        `Content-Length: ${smuggled.length}\r\n\r\n`,
      ].join(''),
  },
  {
    what: 'a request after a CONNECT, as if through a tunnel',
    answer: 'closed',
    protection: 'node:http',
    bytes: () => 'CONNECT localhost:2590 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n',
  },
  {
    what: 'a request after one that said "Connection: close"',
    bytes: () => `${get}${close}\r\n`,
  },
]

/** Only the first request is there; the one behind it, which would write, is never found. */
export const framing: readonly Attack[] = [
  ...[...lengths, ...encodings, ...lines, ...insides].map(
    ({ what, answer = '400 InvalidRequest', protection = node, bytes }): Attack => ({
      what,
      answer,
      protection,
      play: async world => {
        const smuggled = await goodSend(world)
        return wordsOf(await say(world.open.port, bytes(smuggled) + smuggled))
      },
    }),
  ),
  {
    what: 'a good token in the trailer of a chunked body',
    answer: '401 AuthMissing',
    protection: 'xrpc/read-head.ts allHeaders: only what stands before the body',
    play: async world => {
      const [head] = await request(world, { nsid: nsids.sendMessage, body: 'x' })
      const authorization = /Authorization: .*/.exec(String(head))![0]
      const body = JSON.stringify({ convoId: world.convoIds.open, message: { text: 'from a trailer' } })
      const chunks = `${body.length.toString(16)}\r\n${body}\r\n0\r\n${authorization}\r\n\r\n`
      const lines = `Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nTrailer: Authorization\r\n`
      return wordsOf(await say(world.open.port, `${post}${close}${lines}\r\n${chunks}`))
    },
  },
]

/** One that would be answered, were it found. */
async function goodSend(world: World): Promise<string> {
  const body = JSON.stringify({ convoId: world.convoIds.open, message: { text: 'smuggled' } })
  return (await request(world, { nsid: nsids.sendMessage, body })).join('')
}
