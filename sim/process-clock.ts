import type { Clock } from '../packages/service/src/clock.ts'

const epochMs = Date.UTC(2026, 10, 22)

/** A process's own clock, which goes fast or slow and is set now and then. It has whole milliseconds. */
export class ProcessClock implements Clock {
  /** Milliseconds that it gains in a thousand. */
  drift = 0
  #offsetMs = 0
  readonly #virtual: { nowMs: number }

  constructor(virtual: { nowMs: number }) {
    this.#virtual = virtual
  }

  now(): number {
    const { nowMs } = this.#virtual
    return epochMs + Math.floor(nowMs * (1 + this.drift / 1000)) + this.#offsetMs
  }

  set(byMs: number): void {
    this.#offsetMs += byMs
  }
}
