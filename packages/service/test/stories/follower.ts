import assert from 'node:assert/strict'
import { assertCurrent } from './check-client.ts'
import { type Client, catchUp } from './client.ts'
import type { Row } from './held.ts'
import type { Listener } from './perform.ts'

/** The step at which a client fetches, and at every how many steps it looks at the log. */
export interface Habit {
  from: number
  every: number
}

/** One client of an actor, with its habit, held against a fresh fetch whenever it has looked. */
export class Follower {
  readonly actor: Listener
  readonly #habit: Habit
  #client: Client | undefined
  #isStale = false
  #hasStaleRequests = false

  constructor(actor: Listener, habit: Habit) {
    this.actor = actor
    this.#habit = habit
  }

  /**
   * Something has changed that is in no log: blocks, follows, accounts coming and going, moderation, and messages
   * that an account which was deleted takes back. Clients see it when they fetch the next time.
   */
  forget(): void {
    this.#isStale = true
  }

  /** Who is turned away is not told (behaviour.md 2.4). */
  forgetAsked(): void {
    this.#hasStaleRequests = true
  }

  isDue(step: number): boolean {
    return step >= this.#habit.from && (step - this.#habit.from) % this.#habit.every === 0
  }

  /** The rows that came. */
  async look(fresh: Client): Promise<Row[]> {
    const held = this.#client
    this.#client = fresh
    const [isStale, asked] = [this.#isStale, this.#hasStaleRequests && fresh.asked]
    this.#isStale = false
    this.#hasStaleRequests = false
    if (!held) return []
    const { client, rows } = await catchUp(this.actor, held)
    assertRising(held.cursor, rows)
    if (isStale) return rows
    this.#client = asked ? { ...client, asked } : client
    await assertCurrent(this.actor, this.#client, fresh)
    return rows
  }
}

function assertRising(cursor: string, rows: readonly Row[]): void {
  for (const [i, { rev }] of rows.entries()) {
    assert.ok(rev > (rows[i - 1]?.rev ?? cursor), 'the revs of a log do not rise')
  }
}
