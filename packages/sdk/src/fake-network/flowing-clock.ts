import { type Clock, systemClock } from '../clock.ts'

interface Sleeper {
  wakeAtMs: number
  wake: () => void
}

/** Time that flows like anybody's, or faster, and can be put forward. */
export class FlowingClock implements Clock {
  readonly #pace: number
  readonly #startMs: number
  readonly #realStartMs = performance.now()
  readonly #sleepers = new Set<Sleeper>()
  #aheadMs = 0

  /** `pace`: how many milliseconds pass in one. */
  constructor({ startMs, pace }: { startMs: number; pace: number }) {
    this.#startMs = startMs
    this.#pace = pace
  }

  now(): number {
    const passedMs = (performance.now() - this.#realStartMs) * this.#pace
    return Math.floor(this.#startMs + passedMs + this.#aheadMs)
  }

  random(): number {
    return systemClock.random()
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const sleeper: Sleeper = { wakeAtMs: this.now() + ms, wake: () => end(resolve) }
      const timer = setTimeout(sleeper.wake, ms / this.#pace)
      const giveUp = () => end(() => reject(signal!.reason))
      const end = (settle: () => void) => {
        clearTimeout(timer)
        this.#sleepers.delete(sleeper)
        signal?.removeEventListener('abort', giveUp)
        settle()
      }
      this.#sleepers.add(sleeper)
      signal?.addEventListener('abort', giveUp, { once: true })
    })
  }

  /** Lets `ms` pass at once. Whoever sleeps less long wakes up, in order. */
  async advance(ms: number): Promise<void> {
    this.#aheadMs += ms
    const now = this.now()
    const due = [...this.#sleepers].filter(({ wakeAtMs }) => wakeAtMs <= now)
    for (const sleeper of due.sort((a, b) => a.wakeAtMs - b.wakeAtMs)) sleeper.wake()
    await new Promise(resolve => setImmediate(resolve))
  }
}
