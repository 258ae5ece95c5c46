import { AssertionError } from 'node:assert/strict'
import type { Did } from '@atcute/lexicons/syntax'
import type { Clock } from '../../src/clock.ts'
import type { Store } from '../../src/store/store.ts'
import { assertExport, assertSummaries } from './check-client.ts'
import { firstFetch } from './client.ts'
import type { Deed, Story } from './deed.ts'
import { Events } from './events.ts'
import { Follower, type Habit } from './follower.ts'
import { Ledger } from './ledger.ts'
import { isBeside, Troupe } from './perform.ts'
import { Broken } from './same.ts'

/** How a story went: which rows were told, and where it broke a promise, if it did. */
export interface Told {
  rowTypes: ReadonlySet<string>
  failure?: Failure
}

export interface Failure {
  step: number
  deed: Deed
  /** Which promise was broken, for all stories alike. */
  what: string
  message: string
}

const habits: Habit[] = [
  { from: 0, every: 1 },
  { from: 0, every: 60 },
  { from: 50, every: 7 },
]
const exportEvery = 10

/**
 * Tells a story and holds the service to what it promises, after every deed that was not refused: whoever follows the
 * log sees what whoever fetches now sees; all answers say the same; revs rise and mean one event; nobody is told what
 * is not theirs to know.
 */
export async function tell(story: Story, open: (clock: Clock) => Store): Promise<Told> {
  const telling = new Telling(open)
  let step = 0
  try {
    for (; step < story.length; step++) await telling.live(step, story[step]!)
    await telling.end(step)
    return { rowTypes: telling.rowTypes }
  } catch (error) {
    const deed = story[Math.min(step, story.length - 1)]!
    return { rowTypes: telling.rowTypes, failure: { step, deed, ...describe(error) } }
  } finally {
    await telling.troupe.close()
  }
}

class Telling {
  readonly troupe: Troupe
  readonly rowTypes = new Set<string>()
  readonly #ledger = new Ledger()
  readonly #events = new Events()
  readonly #followers: readonly Follower[]
  #heard: { did: Did; method: string; answer: unknown }[] = []

  constructor(open: (clock: Clock) => Store) {
    this.troupe = new Troupe(open, (did, method, answer) => this.#heard.push({ did, method, answer }))
    this.#followers = this.troupe.cast.flatMap(actor => habits.map(habit => new Follower(actor, habit)))
  }

  async live(step: number, deed: Deed): Promise<void> {
    const wasMember = this.#ledger.memberships()
    const given = this.troupe.resolve(deed.given ?? {}) as Record<string, unknown>
    const answer = await this.troupe.perform(deed)
    if (typeof answer === 'string') return
    this.#ledger.record(deed.act, this.troupe.cast[deed.actor]!.did, given, answer)
    this.#assertHeard()
    this.#spoil(deed)
    await this.#lookAround(step, wasMember)
  }

  /** At the end everybody looks. */
  async end(step: number): Promise<void> {
    await this.#lookAround(step, this.#ledger.memberships(), { all: true })
  }

  #spoil({ act }: Deed): void {
    // While somebody is gone clients cannot know what of theirs is not shown.
    const isUntold = isBeside(act) || act === 'deleteAccount' || this.#ledger.somebodyIsGone
    for (const follower of this.#followers) {
      if (isUntold) follower.forget()
      if (act === 'rejectJoinRequest') follower.forgetAsked()
    }
  }

  async #lookAround(
    step: number,
    wasMember: (did: Did, convoId: string) => boolean,
    { all } = { all: false },
  ): Promise<void> {
    for (const actor of this.troupe.cast) {
      const fresh = await firstFetch(actor)
      for (const [i, follower] of this.#followers.filter(one => one.actor === actor).entries()) {
        if (!all && !follower.isDue(step)) continue
        const rows = await follower.look(fresh)
        if (i > 0) continue
        for (const row of rows) {
          this.rowTypes.add(row.$type.split('#')[1]!)
          this.#events.add(row)
          this.#ledger.assertMayBeTold(actor.did, row, convoId => wasMember(actor.did, convoId))
        }
      }
      if (!this.#ledger.somebodyIsGone) {
        await assertSummaries(actor, fresh)
        if (all || step % exportEvery === 0) await assertExport(actor, fresh)
      }
      this.#assertHeard()
    }
  }

  #assertHeard(): void {
    for (const { did, method, answer } of this.#heard) this.#ledger.assertMayHear(did, method, answer)
    this.#heard = []
  }
}

function describe(error: unknown): { what: string; message: string } {
  if (error instanceof Broken) return { what: error.what, message: error.message }
  const { message, stack } = error as Error
  const [what = ''] = message.split(/[:\n]/)
  return { what, message: error instanceof AssertionError ? message : stack! }
}
