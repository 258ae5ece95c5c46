import { once } from 'node:events'
import { json } from 'node:stream/consumers'
import { Frame } from '@atproto/xrpc-server'
import { type ClientOptions, WebSocket } from 'ws'

/** For tests: the other side of a subscription, on code of others. */
export interface Subscriber {
  socket: WebSocket
  /** The next frame, read by the official decoder; `undefined` once the connection has closed. */
  next(): Promise<Frame | undefined>
  closed: Promise<{ code: number; reason: string }>
}

/** What came back instead of a WebSocket. */
export interface Refusal {
  status: number
  headers: NodeJS.Dict<string | string[]>
  body: { error: string; message: string }
}

export interface ConnectOptions extends ClientOptions {
  token?: string | undefined
  protocols?: string[]
}

/** Opens `url`, whatever comes of it. */
export async function open(url: string, options: ConnectOptions): Promise<Subscriber | Refusal> {
  const { token, protocols = [], ...client } = options
  const headers = { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...client.headers }
  const socket = new WebSocket(url.replace('http:', 'ws:'), protocols, { ...client, headers })
  const frames: Buffer[] = []
  const { promise: closed, resolve: onClosed } = Promise.withResolvers<{ code: number; reason: string }>()
  let wake = () => {}
  let isClosed = false
  socket.on('message', (data: Buffer) => {
    frames.push(data)
    wake()
  })
  socket.on('close', (code, reason) => {
    isClosed = true
    onClosed({ code, reason: reason.toString() })
    wake()
  })
  const refused = once(socket, 'unexpected-response').then(async ([, response]) => {
    const { statusCode: status, headers } = response
    return { status, headers, body: await json(response) } as Refusal
  })
  async function next(): Promise<Frame | undefined> {
    while (frames.length === 0) {
      if (isClosed) return undefined
      await new Promise<void>(resolve => {
        wake = resolve
      })
    }
    return Frame.fromBytes(frames.shift()!)
  }
  const opened = once(socket, 'open').then(() => ({ socket, next, closed }))
  // The one that does not happen may fail when the connection ends.
  refused.catch(() => {})
  opened.catch(() => {})
  const result = await Promise.race([opened, refused])
  socket.on('error', () => {})
  return result
}

export async function subscribe(url: string, options: ConnectOptions = {}): Promise<Subscriber> {
  const result = await open(url, options)
  if ('status' in result) throw new Error(`refused: ${result.status} ${JSON.stringify(result.body)}`)
  return result
}

export async function refusalOf(url: string, options: ConnectOptions = {}): Promise<Refusal> {
  const result = await open(url, options)
  if ('status' in result) return result
  result.socket.terminate()
  throw new Error('opened')
}
