/** Frames that may wait to be read. Beyond them we hang up and come back later: a WebSocket cannot be slowed down. */
const waitingFramesMax = 5_000
const waitingBytesMax = 64 * 1024 * 1024

/** A connection that died on the way looks like a quiet one, so one that stays silent this long is renewed. */
const silentMs = 10 * 60 * 1000

/** One connection to `com.atproto.sync.subscribeRepos` of a host. */
export class EventStream {
  readonly #socket: WebSocket
  #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #ended = false
  #silence: NodeJS.Timeout | undefined
  #wake = () => {}

  /** Without a `cursor` the stream begins with what happens next. */
  constructor(options: { origin: string; cursor: number | undefined; onOpen: () => void }) {
    const url = new URL('/xrpc/com.atproto.sync.subscribeRepos', options.origin)
    url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:'
    if (options.cursor !== undefined) url.searchParams.set('cursor', String(options.cursor))
    this.#socket = new WebSocket(url)
    this.#socket.binaryType = 'arraybuffer'
    this.#socket.onopen = () => options.onOpen()
    this.#socket.onmessage = message => this.#receive(message.data)
    this.#socket.onclose = () => this.close()
    this.#socket.onerror = () => this.close()
    this.#listen()
  }

  /** The next frames, at most `max`; `undefined` once the connection has ended and all that came is read. */
  async next(max: number): Promise<Uint8Array[] | undefined> {
    while (this.#waiting.length === 0) {
      if (this.#ended) return undefined
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
    const frames = this.#waiting.splice(0, max)
    for (const frame of frames) this.#waitingBytes -= frame.length
    return frames
  }

  /** Hangs up. Frames that have come can still be read. */
  close(): void {
    if (this.#ended) return
    this.#ended = true
    clearTimeout(this.#silence)
    this.#socket.close()
    this.#wake()
  }

  #receive(data: unknown): void {
    if (this.#ended || !(data instanceof ArrayBuffer)) return
    this.#listen()
    this.#waiting.push(new Uint8Array(data))
    this.#waitingBytes += data.byteLength
    if (this.#waiting.length >= waitingFramesMax || this.#waitingBytes >= waitingBytesMax) this.close()
    this.#wake()
  }

  #listen(): void {
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => this.close(), silentMs)
    this.#silence.unref()
  }
}
