import type { Counts } from './counts.ts'
import type { Dice } from './dice.ts'
import type { Scheduler } from './scheduler.ts'

/** One in how many is lost, or arrives twice; 0 for none. */
export interface Weather {
  lostIn: number
  twiceIn: number
}

export const fair: Weather = { lostIn: 0, twiceIn: 0 }

/** How long one way takes, in milliseconds; each request and each answer by itself, so they overtake each other. */
const waysMs = [1, 1, 1, 2, 2, 3, 5, 8, 13, 40, 200]
const doubledAfterMs = [1, 10, 100, 2500]
const patienceMs = 2000

/** Between clients and processes: delays, loses and doubles what passes through it. */
export class Network {
  weather = fair
  readonly #scheduler: Scheduler
  readonly #counts: Counts

  constructor(scheduler: Scheduler, counts: Counts) {
    this.#scheduler = scheduler
    this.#counts = counts
  }

  /** The answer, or nothing where none came in time. `arrive` is called for each arrival of the request. */
  request<Answer>(dice: Dice, arrive: () => Promise<Answer>): Promise<Answer | undefined> {
    return new Promise(resolve => {
      this.#scheduler.after(patienceMs, () => resolve(undefined))
      this.#carry(dice, 0, arrive, resolve)
      if (!this.#happens(dice, this.weather.twiceIn, 'request doubled')) return
      this.#carry(dice, dice.pick(doubledAfterMs), arrive, resolve)
    })
  }

  #carry<Answer>(
    dice: Dice,
    afterMs: number,
    arrive: () => Promise<Answer>,
    give: (answer: Answer) => void,
  ): void {
    if (this.#happens(dice, this.weather.lostIn, 'request lost')) return
    this.#scheduler.after(afterMs + dice.pick(waysMs), () => {
      // Not waited for: other events have to happen before it comes.
      void arrive().then(answer => {
        if (this.#happens(dice, this.weather.lostIn, 'answer lost')) return
        this.#scheduler.after(dice.pick(waysMs), () => give(answer))
      })
    })
  }

  #happens(dice: Dice, oneIn: number, what: string): boolean {
    if (oneIn === 0 || !dice.oneIn(oneIn)) return false
    this.#counts.add(`fault: ${what}`)
    return true
  }
}
