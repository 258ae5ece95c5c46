import type { InMemoryService } from '@parley/service/in-memory'
import type { OpenWebSocket, WebSocketLike } from '../web-socket.ts'
import type { Faults } from './faults.ts'

export interface FakeSocketsParts {
  service: InMemoryService
  faults: Faults
}

/** The chat service's streams as WebSockets, without a network between. */
export class FakeSockets {
  readonly #parts: FakeSocketsParts
  readonly #open = new Set<FakeSocket>()

  constructor(parts: FakeSocketsParts) {
    this.#parts = parts
  }

  readonly openWebSocket: OpenWebSocket = (url, protocols) => {
    const socket = new FakeSocket(() => this.#open.delete(socket))
    this.#open.add(socket)
    void socket.follow(this.#parts, new URL(url), protocols)
    return socket
  }

  /** How many are open. */
  get count(): number {
    return this.#open.size
  }

  /** Ends all of them, as when the network breaks. */
  cut(): void {
    for (const socket of [...this.#open]) socket.close()
  }
}

class FakeSocket implements WebSocketLike {
  readonly #events = new EventTarget()
  readonly #closed = new AbortController()
  readonly #onClose: () => void

  constructor(onClose: () => void) {
    this.#onClose = onClose
  }

  addEventListener(type: string, listener: (event: never) => void): void {
    this.#events.addEventListener(type, listener as (event: Event) => void)
  }

  close(): void {
    if (this.#closed.signal.aborted) return
    this.#closed.abort()
    this.#onClose()
    this.#events.dispatchEvent(new Event('close'))
  }

  async follow({ service, faults }: FakeSocketsParts, url: URL, protocols: readonly string[]): Promise<void> {
    const { signal } = this.#closed
    const nsid = url.pathname.replace('/xrpc/', '')
    const fault = faults.take(nsid)
    if (fault?.hang) return
    const tokens = protocols.flatMap(protocol => protocol.match(/^bearer\.(.*)/)?.[1] ?? [])
    const opening = await service.subscribe({
      requestId: 'fake',
      nsid,
      query: url.search.slice(1),
      authorization: tokens.map(token => `Bearer ${token}`),
      closed: signal,
    })
    if (fault === undefined && 'stream' in opening) {
      for await (const { data } of opening.stream.frames) {
        if (signal.aborted) break
        this.#events.dispatchEvent(new MessageEvent('message', { data }))
      }
    }
    this.close()
  }
}
