/** Work of one lane is done in order, that of different lanes side by side, so many at a time. */
export class Lanes {
  readonly #atOnceMax: number
  readonly #lanes = new Map<string, (() => Promise<void>)[]>()
  readonly #ready: string[] = []
  #running = 0
  #whenRoom: (() => void)[] = []
  #whenIdle: (() => void)[] = []

  constructor(atOnceMax: number) {
    this.#atOnceMax = atOnceMax
  }

  /** `work` must not throw. */
  add(lane: string, work: () => Promise<void>): void {
    const waiting = this.#lanes.get(lane)
    if (waiting) {
      waiting.push(work)
      return
    }
    this.#lanes.set(lane, [work])
    this.#ready.push(lane)
    this.#start()
  }

  /** Resolves when there is room for one more. */
  async room(): Promise<void> {
    while (this.#running >= this.#atOnceMax) await new Promise<void>(resolve => this.#whenRoom.push(resolve))
  }

  /** Resolves when everything is done. */
  async idle(): Promise<void> {
    while (this.#lanes.size > 0) await new Promise<void>(resolve => this.#whenIdle.push(resolve))
  }

  /** For work of a lane that waits for somebody: meanwhile its place is another's. Its lane stays shut. */
  async apart<T>(waiting: Promise<T>): Promise<T> {
    this.#leave()
    try {
      return await waiting
    } finally {
      await this.room()
      this.#running += 1
    }
  }

  #leave(): void {
    this.#running -= 1
    this.#start()
    for (const resolve of this.#whenRoom.splice(0)) resolve()
  }

  #start(): void {
    while (this.#running < this.#atOnceMax && this.#ready.length > 0) {
      this.#running += 1
      void this.#run(this.#ready.shift()!)
    }
  }

  async #run(lane: string): Promise<void> {
    const waiting = this.#lanes.get(lane)!
    await waiting[0]!()
    waiting.shift()
    // Behind the others, so that a lane with much to do does not keep them waiting.
    if (waiting.length > 0) this.#ready.push(lane)
    else this.#lanes.delete(lane)
    this.#leave()
    if (this.#lanes.size === 0) for (const resolve of this.#whenIdle.splice(0)) resolve()
  }
}
