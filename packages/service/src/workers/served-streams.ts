import type { Frame } from '../xrpc/frame.ts'
import type { Id, ToWorker } from './messages.ts'

/** Streams that a worker reads, a part each time it asks. */
export class ServedStreams {
  readonly #post: (message: ToWorker) => void
  readonly #streams = new Map<Id, AsyncIterator<string | Frame>>()

  constructor(post: (message: ToWorker) => void) {
    this.#post = post
  }

  add(id: Id, parts: AsyncIterable<string | Frame>): void {
    this.#streams.set(id, parts[Symbol.asyncIterator]())
  }

  async next(id: Id): Promise<void> {
    const stream = this.#streams.get(id)
    // The connection has closed meanwhile.
    if (stream === undefined) return this.#over(id, false)
    try {
      const { done, value } = await stream.next()
      if (done) this.#over(id, false)
      else this.#post({ type: 'part', id, part: value })
    } catch {
      // The pipeline has told the log of it.
      this.#over(id, true)
    }
  }

  /** For a reader that wants no more. */
  end(id: Id): void {
    const stream = this.#streams.get(id)
    this.#streams.delete(id)
    // What nobody reads any more may break as it likes.
    stream?.return?.().catch(() => {})
  }

  endAll(): void {
    for (const id of this.#streams.keys()) this.end(id)
  }

  #over(id: Id, isBroken: boolean): void {
    this.#streams.delete(id)
    this.#post({ type: 'streamOver', id, isBroken })
  }
}
