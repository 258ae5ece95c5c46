import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** More at once would be refused by the listener's queue. */
const openedAtOnce = 100

/** Connections that have been answered once and then wait. */
export class IdleConnections implements Disposable {
  readonly #sockets: Socket[] = []

  /**
   * Opens `count` of them, each with `request`, or that of its number, sent and the head of an answer with `status` received.
   * With `deaf`, they read nothing after that.
   */
  async open(
    port: number,
    request: string | ((number: number) => string),
    { count, status, deaf = false }: OpenOptions,
  ): Promise<void> {
    for (let opened = 0; opened < count; opened += openedAtOnce) {
      const length = Math.min(openedAtOnce, count - opened)
      const textOf = typeof request === 'string' ? () => request : request
      await Promise.all(
        Array.from({ length }, (_, at) => this.#openOne(port, textOf(opened + at), status, deaf)),
      )
    }
  }

  /** How many the other side has closed since. */
  get closed(): number {
    return this.#sockets.filter(socket => socket.destroyed || socket.readableEnded).length
  }

  [Symbol.dispose](): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async #openOne(port: number, request: string, status: number, deaf: boolean): Promise<void> {
    const socket = connect(port, '127.0.0.1')
    this.#sockets.push(socket)
    await once(socket, 'connect')
    socket.write(request)
    const [head] = (await once(socket, 'data')) as [Buffer]
    if (!head.toString('latin1').startsWith(`HTTP/1.1 ${status}`))
      throw new Error(`expected ${status}, was answered: ${head.toString('latin1', 0, 300)}`)
    socket.on('error', () => {})
    if (deaf) socket.pause()
    else socket.resume()
  }
}

interface OpenOptions {
  count: number
  status: number
  deaf?: boolean
}
