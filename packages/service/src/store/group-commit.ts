import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import { worksPerCommitMax, worksWaitingMax } from '../limits.ts'
import { Batch } from './batch.ts'
import { type Changes, type Engine, noChanges } from './engine.ts'
import { mergeScopes, type Scope } from './scope.ts'
import type { Transaction } from './transaction.ts'

interface Waiting {
  scope: Scope
  work: (tx: Transaction) => unknown
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

type Outcome = { value: unknown } | { error: unknown }

/**
 * Natural group commit: as many commits under way as the engine takes, and what arrives meanwhile is the next one. No
 * timer: alone, a work waits for nobody; under load, the price of a sync to disk is shared.
 */
export class GroupCommit {
  readonly #engine: Pick<Engine, 'commit'>
  readonly #clock: Clock
  readonly #committed: (changes: Changes) => void
  readonly #underWayMax: number
  #queue: Waiting[] = []
  #underWay = 0
  #whenIdle: (() => void)[] = []

  /** `committed` hears of every commit once it is on disk; it must not throw. Default: one is under way at a time. */
  constructor(
    engine: Pick<Engine, 'commit'>,
    clock: Clock,
    committed: (changes: Changes) => void,
    underWayMax = 1,
  ) {
    this.#engine = engine
    this.#clock = clock
    this.#committed = committed
    this.#underWayMax = underWayMax
  }

  transact<T>(scope: Scope, work: (tx: Transaction) => T): Promise<T> {
    // Who waits has long been given up on by then: better to be told, and to try again.
    if (this.#queue.length >= worksWaitingMax) {
      return Promise.reject(
        new AppError('ServiceUnavailable', 'Too many changes wait to be stored; try again soon'),
      )
    }
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ scope, work, resolve: resolve as (value: unknown) => void, reject })
      if (this.#underWay < this.#underWayMax) void this.#drain()
    })
  }

  /** Resolves when everything asked for has been answered. */
  async idle(): Promise<void> {
    while (this.#underWay > 0) await new Promise<void>(resolve => this.#whenIdle.push(resolve))
  }

  async #drain(): Promise<void> {
    this.#underWay += 1
    // Requests that arrived in the same turn of the event loop join the first commit.
    await new Promise(resolve => setImmediate(resolve))
    while (this.#queue.length > 0) await this.#commit(this.#queue.splice(0, worksPerCommitMax))
    this.#underWay -= 1
    if (this.#underWay === 0) for (const resolve of this.#whenIdle.splice(0)) resolve()
  }

  /** A batch that a work of it has broken is tried again work by work, so that one fails alone. */
  async #commit(works: Waiting[]): Promise<void> {
    const outcomes = await this.#outcomes(works)
    if (!outcomes) {
      for (const waiting of works) await this.#commit([waiting])
      return
    }
    for (const [index, outcome] of outcomes.entries()) answer(works[index]!, outcome)
  }

  /** What came of each work; `undefined` where one among several broke the rules of the database. */
  async #outcomes(works: Waiting[]): Promise<Outcome[] | undefined> {
    const scope = mergeScopes(works.map(waiting => waiting.scope))
    let outcomes: Outcome[] = []
    let changes = noChanges()
    try {
      await this.#engine.commit(scope, loaded => {
        const batch = new Batch(scope, loaded, this.#clock.now())
        outcomes = works.map(({ work }) => outcomeOf(() => batch.attempt(work)))
        changes = batch.changes
        return changes
      })
    } catch (error) {
      const isDatabaseAway = error instanceof AppError
      return works.length > 1 && !isDatabaseAway ? undefined : works.map(() => ({ error }))
    }
    // On disk by now: whatever comes of telling, the works are done.
    this.#committed(changes)
    return outcomes
  }
}

function answer({ resolve, reject }: Waiting, outcome: Outcome): void {
  if ('error' in outcome) reject(outcome.error)
  else resolve(outcome.value)
}

function outcomeOf(run: () => unknown): Outcome {
  try {
    return { value: run() }
  } catch (error) {
    return { error }
  }
}
