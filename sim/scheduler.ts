interface Event {
  dueMs: number
  run: () => unknown
  /** Whose it is: what a dead process had before it never happens. */
  owner: object | undefined
}

/**
 * The only thing that lets anything happen: events on a virtual clock, one at a time, in the order of their times and
 * of their making. What an event sets going is finished, down to the last promise, before the next one begins.
 */
export class Scheduler {
  /** Counts events, so that two that share a millisecond have an order. */
  moment = 0
  #nowMs = 0
  #failure: { error: unknown } | undefined
  readonly #events: Event[] = []
  readonly #held = new Set<Promise<unknown>>()

  get nowMs(): number {
    return this.#nowMs
  }

  after(delayMs: number, run: () => unknown, owner?: object): void {
    const event = { dueMs: this.#nowMs + delayMs, run, owner }
    const place = this.#events.findLastIndex(({ dueMs }) => dueMs <= event.dueMs)
    this.#events.splice(place + 1, 0, event)
  }

  /** Resolves after this time. */
  wait(delayMs: number, owner?: object): Promise<void> {
    return new Promise(resolve => this.after(delayMs, resolve, owner))
  }

  /** Nothing else happens until this is done: for a database that takes real time. */
  hold<T>(work: Promise<T>): Promise<T> {
    const held: Promise<unknown> = work.then(
      () => this.#held.delete(held),
      () => this.#held.delete(held),
    )
    this.#held.add(held)
    return work
  }

  /** Ends everything, with this. */
  fail(error: unknown): void {
    this.#failure ??= { error }
  }

  forget(owner: object): void {
    for (let place = this.#events.length - 1; place >= 0; place--) {
      if (this.#events[place]!.owner === owner) this.#events.splice(place, 1)
    }
  }

  /** Lets this time go by, with all that happens in it. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms
    while (this.#events[0] && this.#events[0].dueMs <= untilMs) await this.#next()
    this.#nowMs = untilMs
    this.#goOn()
  }

  /** Lets time go by until nothing is left to happen. */
  async drain(): Promise<void> {
    for (let count = 0; this.#events.length > 0; count++) {
      if (count > eventsToRestMax) throw new Error('what is under way never comes to rest')
      await this.#next()
    }
    this.#goOn()
  }

  async #next(): Promise<void> {
    const event = this.#events.shift()!
    this.#nowMs = Math.max(this.#nowMs, event.dueMs)
    this.moment += 1
    await event.run()
    await this.#settled()
    this.#goOn()
  }

  async #settled(): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      await Promise.all(this.#held)
      await new Promise(resolve => setImmediate(resolve))
    }
  }

  #goOn(): void {
    if (this.#failure) throw this.#failure.error
  }
}

/** What is under way takes some hundred events, deletions of accounts some thousand. */
const eventsToRestMax = 50_000

/** Rounds of the event loop after which everything waits for the scheduler: group commit begins in the second. */
const rounds = 3
