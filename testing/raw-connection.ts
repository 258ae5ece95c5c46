import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface RawAnswer {
  status: number
  body: string
}

/**
 * One kept-alive HTTP connection that does as little as it can for a request, so that a load costs its own machine
 * little. One request at a time; answers must say their length.
 */
export class RawConnection {
  readonly #socket: Socket
  #received: Buffer = Buffer.alloc(0)
  #waiting: PromiseWithResolvers<RawAnswer> | undefined

  static async open(port: number): Promise<RawConnection> {
    const socket = connect(port, '127.0.0.1').setNoDelay()
    await once(socket, 'connect')
    return new RawConnection(socket)
  }

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', data => this.#receive(data))
    socket.on('error', error => this.#waiting?.reject(error))
    socket.on('close', () => this.#waiting?.reject(new Error('the connection was closed')))
  }

  /** Rejects where the connection breaks, or is broken, before the whole answer is there: nobody knows what became of it. */
  send(request: string | Buffer): Promise<RawAnswer> {
    // A socket that closed while nobody waited says so to nobody.
    if (this.#socket.destroyed) return Promise.reject(new Error('the connection was closed'))
    this.#waiting = Promise.withResolvers()
    this.#socket.write(request)
    return this.#waiting.promise
  }

  close(): void {
    this.#socket.destroy()
  }

  #receive(data: Buffer): void {
    this.#received = this.#received.length === 0 ? data : Buffer.concat([this.#received, data])
    const headEnd = this.#received.indexOf('\r\n\r\n')
    if (headEnd < 0) return
    const head = this.#received.toString('latin1', 0, headEnd)
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
    const end = headEnd + 4 + length
    if (this.#received.length < end) return
    const answer = {
      status: Number(head.slice(9, 12)),
      body: this.#received.toString('utf8', headEnd + 4, end),
    }
    this.#received = this.#received.subarray(end)
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.resolve(answer)
  }
}

/** The text of a request; `input` makes it a POST. */
export function requestText(call: {
  nsid: string
  token: string
  params?: Record<string, string>
  input?: object
}): string {
  const query = call.params ? `?${new URLSearchParams(call.params)}` : ''
  const body = call.input && JSON.stringify(call.input)
  const lines = [
    `${body === undefined ? 'GET' : 'POST'} /xrpc/${call.nsid}${query} HTTP/1.1`,
    'host: localhost',
    `authorization: Bearer ${call.token}`,
    ...(body === undefined
      ? []
      : ['content-type: application/json', `content-length: ${Buffer.byteLength(body)}`]),
  ]
  return `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`
}
