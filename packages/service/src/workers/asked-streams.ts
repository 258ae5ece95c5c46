import type { Frame } from '../xrpc/frame.ts'
import type { FromWorker, Id } from './messages.ts'

type Part = string | Frame

/** Streams of the service as a worker reads them. */
export class AskedStreams {
  readonly #post: (message: FromWorker) => void
  readonly #asks = new Map<Id, PromiseWithResolvers<Part | undefined>>()

  constructor(post: (message: FromWorker) => void) {
    this.#post = post
  }

  /** A part each time the reader has room for one. */
  async *read(id: Id): AsyncIterable<Part> {
    for (;;) {
      const ask = Promise.withResolvers<Part | undefined>()
      this.#asks.set(id, ask)
      this.#post({ type: 'next', id })
      const part = await ask.promise
      if (part === undefined) return
      yield part
    }
  }

  heard(id: Id, part: Part): void {
    this.#take(id).resolve(part)
  }

  over(id: Id, isBroken: boolean): void {
    if (isBroken) this.#take(id).reject(new Error('the service broke the stream off'))
    else this.#take(id).resolve(undefined)
  }

  #take(id: Id): PromiseWithResolvers<Part | undefined> {
    const ask = this.#asks.get(id)!
    this.#asks.delete(id)
    return ask
  }
}
