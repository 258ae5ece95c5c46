/** Wakes one who waits: when it rings, after a while, or when `signal` says that there is nothing to wait for any more. */
export class Alarm implements Disposable {
  #rang = Promise.withResolvers<void>()
  readonly #stop: () => void

  /** `listen` calls `ring` from now on, until the function it returns is called. */
  constructor(listen: (ring: () => void) => () => void, signal: AbortSignal) {
    const ring = () => this.#rang.resolve()
    const stopListening = listen(ring)
    signal.addEventListener('abort', ring, { once: true })
    if (signal.aborted) ring()
    this.#stop = () => {
      stopListening()
      signal.removeEventListener('abort', ring)
    }
  }

  /** Resolves at once where it rang since the last time. */
  async next(atMostMs: number): Promise<void> {
    const timer = setTimeout(this.#rang.resolve, atMostMs)
    await this.#rang.promise
    clearTimeout(timer)
    this.#rang = Promise.withResolvers()
  }

  [Symbol.dispose](): void {
    this.#stop()
  }
}
