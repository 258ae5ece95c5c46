import { hash } from 'node:crypto'
import type { Socket } from 'node:net'
import { encode, toBytes, toCidLink } from '@atcute/cbor'
import { type Cid, fromDigest } from '@atcute/cid'
import type { Did } from '@atcute/lexicons/syntax'
import { type Change, type Facts, tid } from './facts.ts'
import { type Answer, startJsonServer } from './http-server.ts'

export interface FakeHost {
  origin: string
  /** Revs of the repositories. */
  revs: Map<Did, string>
  /** The NSIDs that were asked for. */
  asked: string[]
  /** Accounts whose records cannot be listed. */
  broken: Set<Did>
  /** The event that was sent last, as a frame. */
  lastFrame(): Uint8Array
  /** Sends `frame` as an event of its own, whatever is in it. */
  send(frame: Uint8Array): void
  /** Hangs up on everybody. */
  hangUp(): void
  /** Forgets the events so far, but not how they were counted. */
  forgetEvents(): void
  /** Counts events from the start, as after the host was set up anew. */
  startOver(): void
  close(): Promise<void>
}

export interface FakeHostOptions {
  /** A relay lists no records. Default: a PDS. */
  relay?: boolean
  /** Whether commits come without their blocks. Default: with. */
  tooBig?: boolean
  /** Which accounts it has. Default: all. */
  has?: (did: Did) => boolean
}

/** A PDS or relay that serves `facts`, and tells every change on `com.atproto.sync.subscribeRepos`. */
export async function startFakeHost(facts: Facts, options: FakeHostOptions = {}): Promise<FakeHost> {
  const has = options.has ?? (() => true)
  const revs = new Map<Did, string>()
  const asked: string[] = []
  const broken = new Set<Did>()
  const sockets = new Set<Socket>()
  let events: { seq: number; frame: Uint8Array }[] = []
  let seq = 0
  let outdatedUpTo = 0

  const send = (frame: Uint8Array): void => {
    events.push({ seq, frame })
    for (const socket of sockets) socket.write(binaryMessage(frame))
  }
  facts.onChange(change => {
    if (!has(change.did)) return
    seq += 1
    const rev = change.kind === 'record' ? tid() : (revs.get(change.did) ?? tid())
    revs.set(change.did, rev)
    send(eventFrame(change, { seq, rev, tooBig: options.tooBig ?? false }))
  })
  const server = await startJsonServer((nsid, params) => {
    asked.push(nsid)
    if (options.relay) return { status: 404, body: { error: 'XRPCNotSupported' } }
    if (broken.has(params.get('repo') as Did)) return { status: 500, body: { error: 'InternalServerError' } }
    return answer({ facts, has, revs }, nsid, params)
  })
  server.server.on('upgrade', (request, socket: Socket) => {
    const cursor = new URL(request.url!, 'http://localhost').searchParams.get('cursor')
    asked.push(`subscribeRepos ${cursor ?? 'live'}`)
    socket.write(acceptUpgrade(request.headers['sec-websocket-key']!))
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    socket.on('data', () => socket.end())
    if (Number(cursor) > seq) {
      socket.end(
        binaryMessage(message({ op: -1 }, { error: 'FutureCursor', message: 'Cursor in the future.' })),
      )
      return
    }
    if (cursor !== null && Number(cursor) < outdatedUpTo) {
      socket.write(binaryMessage(message({ op: 1, t: '#info' }, { name: 'OutdatedCursor' })))
    }
    for (const event of events) {
      if (cursor !== null && event.seq > Number(cursor)) socket.write(binaryMessage(event.frame))
    }
    sockets.add(socket)
  })
  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    origin: server.origin,
    revs,
    asked,
    broken,
    hangUp,
    lastFrame: () => events.at(-1)!.frame,
    send(frame) {
      seq += 1
      send(frame)
    },
    forgetEvents() {
      events = []
      outdatedUpTo = seq
    },
    startOver() {
      events = []
      seq = 0
      hangUp()
    },
    async close() {
      hangUp()
      await server.close()
    },
  }
}

function answer(
  { facts, has, revs }: { facts: Facts; has: (did: Did) => boolean; revs: Map<Did, string> },
  nsid: string,
  params: URLSearchParams,
): Answer {
  const accounts = [...facts.accounts.values()].filter(account => has(account.did))
  if (nsid === 'com.atproto.server.describeServer') return { body: { did: 'did:web:host.test' } }
  if (nsid === 'com.atproto.sync.listRepos') {
    const head = cidOf(new Uint8Array()).link.$link
    const repos = accounts.map(({ did, active }) => ({ did, head, rev: revs.get(did), active }))
    return { body: { repos: [...repos, { did: 'not a DID', head, rev: '' }] } }
  }
  const account = accounts.find(account => account.did === params.get('repo'))
  if (account === undefined || !account.active) return { status: 400, body: { error: 'RepoNotFound' } }
  if (nsid === 'com.atproto.repo.describeRepo') {
    const { did, handle, records } = account
    const collections = [...new Set([...records.keys()].map(path => path.split('/')[0]))]
    return { body: { did, handle, didDoc: {}, collections, handleIsCorrect: true } }
  }
  if (nsid === 'com.atproto.repo.listRecords') return { body: listRecords(account, params) }
  return { status: 501, body: { error: 'MethodNotImplemented' } }
}

/** Two a page, so that there are pages. */
function listRecords({ did, records }: { did: Did; records: Map<string, unknown> }, params: URLSearchParams) {
  const offset = Number(params.get('cursor') ?? 0)
  const all = [...records].filter(([path]) => path.startsWith(`${params.get('collection')}/`))
  const page = all.slice(offset, offset + 2)
  const cid = cidOf(new Uint8Array()).link.$link
  return {
    records: page.map(([path, value]) => ({ uri: `at://${did}/${path}`, cid, value })),
    ...(offset + 2 < all.length && { cursor: String(offset + 2) }),
  }
}

function eventFrame(
  change: Change,
  { seq, rev, tooBig }: { seq: number; rev: string; tooBig: boolean },
): Uint8Array {
  const time = '2026-01-01T00:00:00.000Z'
  const { did } = change
  if (change.kind === 'identity') {
    const { handle } = change
    return message({ op: 1, t: '#identity' }, { seq, did, time, ...(handle && { handle }) })
  }
  if (change.kind === 'account') {
    const { active, status } = change
    return message({ op: 1, t: '#account' }, { seq, did, time, active, ...(status && { status }) })
  }
  const record = change.value === undefined ? undefined : cidOf(encode(change.value))
  const commit = cidOf(encode({ did, rev }))
  const action = record === undefined ? 'delete' : 'create'
  const blocks = car(commit, tooBig || record === undefined ? [] : [record])
  return message(
    { op: 1, t: '#commit' },
    {
      seq,
      repo: did,
      rev,
      since: null,
      commit: commit.link,
      ops: tooBig ? [] : [{ action, path: change.path, cid: record?.link ?? null }],
      blocks: toBytes(blocks),
      blobs: [],
      rebase: false,
      tooBig,
      time,
    },
  )
}

/** A frame of the stream. */
export function message(header: object, body: object): Uint8Array {
  return Buffer.concat([encode(header), encode(body)])
}

interface Block {
  cid: Cid
  link: ReturnType<typeof toCidLink>
  bytes: Uint8Array
}

function cidOf(bytes: Uint8Array): Block {
  const cid = fromDigest(0x71, hash('sha256', bytes, 'buffer'))
  return { cid, link: toCidLink(cid), bytes }
}

function car(root: Block, blocks: Block[]): Uint8Array {
  const header = encode({ version: 1, roots: [root.link] })
  const sections = [root, ...blocks].map(({ cid, bytes }) => Buffer.concat([cid.bytes, bytes]))
  return Buffer.concat([header, ...sections].flatMap(section => [leb128(section.length), section]))
}

function leb128(value: number): Uint8Array {
  const bytes = []
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return Uint8Array.from([...bytes, rest])
    bytes.push((rest & 127) | 128)
  }
}

function acceptUpgrade(key: string): string {
  const accept = hash('sha1', `${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`, 'base64')
  const headers = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`]
  return ['HTTP/1.1 101 Switching Protocols', ...headers, '', ''].join('\r\n')
}

/** RFC 6455 5.2: final, binary, not masked. */
function binaryMessage(payload: Uint8Array): Uint8Array {
  const header = Buffer.alloc(payload.length < 126 ? 2 : 4)
  header[0] = 0x82
  header[1] = Math.min(payload.length, 126)
  if (header.length === 4) header.writeUInt16BE(payload.length, 2)
  return Buffer.concat([header, payload])
}
