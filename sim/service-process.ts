import { pino } from 'pino'
import { noReplayGuard } from '../packages/service/src/auth/replay.ts'
import { createSignatureVerifier } from '../packages/service/src/auth/signature.ts'
import { createServiceJwtVerifier } from '../packages/service/src/auth/verify-service-jwt.ts'
import type { Context } from '../packages/service/src/context.ts'
import { endpoints } from '../packages/service/src/endpoints/index.ts'
import { defaultSubscriptionLimits } from '../packages/service/src/limits.ts'
import { describeError } from '../packages/service/src/logger.ts'
import type { MemoryPeople } from '../packages/service/src/people/memory-people.ts'
import type { Engine } from '../packages/service/src/store/engine.ts'
import { EngineStore } from '../packages/service/src/store/engine-store.ts'
import { RowCache } from '../packages/service/src/store/row-cache.ts'
import { type Answer, type Arrival, createPipeline } from '../packages/service/src/xrpc/pipeline.ts'
import { createRateLimiter } from '../packages/service/src/xrpc/rate-limit.ts'
import { StageRecords } from '../packages/service/test/stage.ts'
import type { Breakage } from './breakage.ts'
import type { Counts } from './counts.ts'
import { type CrashWindow, crashWindows, type Database } from './database/database.ts'
import type { Dice } from './dice.ts'
import { PeopleFarAway } from './people-far-away.ts'
import { ProcessClock } from './process-clock.ts'
import { scheduledEngine, type Turns } from './scheduled-engine.ts'
import type { Scheduler } from './scheduler.ts'
import { serviceDid, type TokenDesk } from './token-desk.ts'

/** What stays when a process dies. */
export interface Surroundings {
  scheduler: Scheduler
  database: Database
  people: MemoryPeople
  tokens: TokenDesk
  counts: Counts
  dice: Dice
  breakage: Breakage
  /** While it is quiet nothing takes any time. */
  isQuiet(): boolean
  newJoinCode(): string
  died(process: ServiceProcess): void
}

/** Where in the way of a commit a process dies. */
export type CrashMoment = 'commit waiting' | CrashWindow | 'committed, untold'

export const crashMoments: readonly CrashMoment[] = ['commit waiting', ...crashWindows, 'committed, untold']

/** What a process has in memory, and loses. */
interface Life {
  engine: Engine
  edge: { context: Context; pipeline: (arrival: Arrival) => Promise<Answer> } | undefined
}

/** How long reads, commits and the network take, in milliseconds. */
const readsMs = [0, 0, 0, 1, 1, 2, 5]
const commitsMs = [0, 1, 2, 3, 5, 20, 80]
const networkMs = [0, 0, 1, 5, 20, 100]
const unreachedIn = 60

/** So low that now and then somebody is told to wait. */
const rate = { count: 120, periodSec: 3 }
const rateLimits = {
  calls: rate,
  anonymousCalls: rate,
  sends: [rate],
  changes: [rate],
  newConvos: rate,
}

/** One process of the service: the real pipeline over the real store, with nothing of its own that tells time. */
export class ServiceProcess {
  readonly clock: ProcessClock
  /** Rows that its commits have changed. */
  rowsChanged = 0
  /** Faults that it has logged. */
  readonly faults: string[] = []
  readonly #around: Surroundings
  #life: Life | undefined
  #dying: CrashMoment | undefined
  #waiting = 0
  #untold = 0

  constructor(around: Surroundings) {
    this.#around = around
    this.clock = new ProcessClock(around.scheduler)
  }

  get context(): Context | undefined {
    return this.#life?.edge?.context
  }

  get isAlive(): boolean {
    return this.#life !== undefined
  }

  async start(): Promise<void> {
    if (this.#life) return
    const engine = this.#around.breakage.engine(await this.#around.database.open())
    this.#life = { engine, edge: undefined }
    this.#life.edge = this.#edge(this.#life)
    this.#around.counts.add('process started')
  }

  /** Never resolves where the process dies before it has an answer. */
  async handle(arrival: Arrival): Promise<Answer> {
    const life = this.#life!
    const answer = await life.edge!.pipeline(arrival)
    return life === this.#life ? answer : new Promise(() => {})
  }

  /** Dies at this instant. */
  async crash(): Promise<void> {
    if (!this.#life) return
    const window =
      this.#untold > 0 ? 'committed, untold' : this.#waiting > 0 ? 'commit waiting' : 'no commit under way'
    this.#around.counts.add(`crash: ${window}`)
    const { engine } = this.#life
    this.#die()
    await this.#around.database.crash(engine)
  }

  /** Dies of its next commit. */
  crashAt(moment: CrashMoment | undefined): void {
    this.#dying = moment
  }

  #die(): void {
    this.#around.scheduler.forget(this.#life!)
    this.#life = undefined
    this.#dying = undefined
    this.#waiting = 0
    this.#untold = 0
    this.#around.died(this)
  }

  #edge(life: Life): Life['edge'] {
    const { people, tokens, breakage, newJoinCode, database } = this.#around
    const { clock } = this
    const turns = this.#turns(life)
    const engine = breakage.scheduled(scheduledEngine(life.engine, turns))
    // As the engines have it: who is alone on a database remembers its rows.
    const rows = database.processesMax === 1 ? new RowCache(engine) : engine
    const store = new EngineStore(engine, clock, { rows })
    const rateLimiter = createRateLimiter({ limits: rateLimits, clock })
    const context: Context = {
      store,
      people: new PeopleFarAway(people, () => this.#reach(life)),
      records: new StageRecords(),
      clock,
      groupCreatorAgeMs: 0,
      newJoinCode,
      admitCall: rateLimiter.admitCall,
      admitNewConvos: rateLimiter.admitNewConvos,
    }
    const pipeline = createPipeline({
      endpoints,
      subscriptions: [],
      context,
      tokens: createServiceJwtVerifier({
        identity: tokens.identity,
        signatures: createSignatureVerifier(),
        replay: noReplayGuard,
        clock,
        audiences: [serviceDid],
      }),
      moderators: [],
      rateLimiter,
      subscriptionLimits: defaultSubscriptionLimits,
      checkOutput: true,
      clock,
      logger: pino(
        { level: 'error', base: null, serializers: { err: describeError } },
        { write: line => void this.faults.push(line) },
      ),
    })
    return { context, pipeline }
  }

  async #reach(life: Life): Promise<boolean> {
    const { dice, counts } = this.#around
    if (this.#around.isQuiet()) return true
    await this.#wait(life, dice.pick(networkMs))
    if (!dice.oneIn(unreachedIn)) return true
    counts.add('fault: network of people unreachable')
    return false
  }

  #crashNext(life: Life): void {
    this.#around.scheduler.after(0, () => this.crash(), life)
  }

  /** For ever, in a life that is over. */
  #wait(life: Life, ms: number): Promise<void> {
    return life === this.#life ? this.#around.scheduler.wait(ms, life) : new Promise(() => {})
  }

  #turns(life: Life): Turns {
    const { scheduler, dice, database, counts, isQuiet } = this.#around
    return {
      begin: async what => {
        if (isQuiet()) return
        if (what === 'commit') this.#waiting += 1
        if (what === 'commit' && this.#dying === 'commit waiting') this.#crashNext(life)
        await this.#wait(life, dice.pick(what === 'commit' ? commitsMs : readsMs))
        if (what === 'commit') this.#waiting -= 1
      },
      end: async () => {
        if (isQuiet()) return
        this.#untold += 1
        if (this.#dying === 'committed, untold') this.#crashNext(life)
        await this.#wait(life, dice.pick(readsMs))
        this.#untold -= 1
      },
      commit: async commit => {
        counts.add('commit')
        const window = crashWindows.find(one => one === this.#dying)
        if (window === undefined) return scheduler.hold(commit())
        counts.add(`crash: ${window}`)
        await scheduler.hold(database.crashIn(window, commit, dice))
        this.#die()
        await new Promise(() => {})
      },
      hold: work => scheduler.hold(work),
      changed: changes => {
        this.rowsChanged += Object.values(changes).reduce((rows, list) => rows + list.length, 0)
        const senders = new Set(changes.messages.map(message => ('sender' in message ? message.sender : '')))
        if (senders.size > 1) counts.add('commit for several senders')
      },
    }
  }
}
