import { AssertionError } from 'node:assert/strict'
import type { Did } from '@atcute/lexicons/syntax'
import { getStatus } from '../packages/service/src/endpoints/chat/bsky/actor/getStatus.ts'
import { getMessages } from '../packages/service/src/endpoints/chat/bsky/convo/getMessages.ts'
import { getUnreadCounts } from '../packages/service/src/endpoints/chat/bsky/convo/getUnreadCounts.ts'
import { listConvos } from '../packages/service/src/endpoints/chat/bsky/convo/listConvos.ts'
import { getPreferences } from '../packages/service/src/endpoints/chat/bsky/notification/getPreferences.ts'
import { type Deed, describeDeed } from '../packages/service/test/stories/deed.ts'
import { Names } from '../packages/service/test/stories/names.ts'
import { methodCalled } from '../packages/service/test/stories/perform.ts'
import { Broken } from '../packages/service/test/stories/same.ts'
import { type Breakage, nothingBroken } from './breakage.ts'
import { Device } from './client/device.ts'
import { impulseOf } from './client/impulse.ts'
import { Counts } from './counts.ts'
import type { Database } from './database/database.ts'
import { createDice, type Dice } from './dice.ts'
import { fair, type Weather } from './network.ts'
import type { PlannedDeed } from './plan/plan.ts'
import { assertAtRest } from './quiet.ts'
import type { CrashMoment } from './service-process.ts'
import { World } from './world.ts'

export interface Simulated {
  counts: Counts
  /** Messages that were acknowledged. */
  acknowledged: number
  virtualMs: number
  failure?: Failure
}

export interface Failure {
  /** How many deeds of the plan had begun. */
  step: number
  /** Which promise was broken, for all runs alike. */
  what: string
  message: string
}

export interface SimulateOptions {
  seed: number
  open(): Database
  breakage?: Breakage
}

/** Two clients for each account: one looks often, one seldom and sometimes begins anew. */
const devicesEach = 2

/** How often a client looks for what another has made, and with what pause. */
const looksMax = 20
const lookAgainMs = 100

/** Lets a plan happen and holds the service to its promises at every answer, and to all of them whenever it is quiet. */
export async function simulate(plan: readonly PlannedDeed[], options: SimulateOptions): Promise<Simulated> {
  const counts = new Counts()
  const { seed, open, breakage = nothingBroken } = options
  const world = new World({ database: open(), breakage, counts, seed })
  const run = new Run(world, seed)
  let step = 0
  const outcome = () => ({
    counts,
    acknowledged: world.observer.messages.acknowledged,
    virtualMs: world.scheduler.nowMs,
  })
  try {
    await world.start()
    for (; step < plan.length; step++) await run.live(plan[step]!)
    return outcome()
  } catch (error) {
    return { ...outcome(), failure: { step, ...describeError(error) } }
  } finally {
    world.close()
  }
}

class Run {
  readonly #world: World
  readonly #seed: number
  readonly #names: Names
  readonly #devices: ReadonlyMap<Did, readonly Device[]>
  #hasUntoldRefusal = false
  #said = 0

  constructor(world: World, seed: number) {
    this.#world = world
    this.#seed = seed
    this.#names = new Names(world.dids.map(did => ({ did })))
    const devices = () => Array.from({ length: devicesEach }, () => new Device())
    this.#devices = new Map(world.dids.map(did => [did, devices()]))
    world.onArrival = ({ act }) => {
      if (act === 'deleteAccount') for (const device of this.#allDevices()) device.isStale = true
      if (act === 'rejectJoinRequest') this.#hasUntoldRefusal = true
    }
  }

  async live(deed: PlannedDeed): Promise<void> {
    const world = this.#world
    await world.scheduler.pass(deed.ms ?? 1)
    const dice = createDice(this.#seed, 3, deed.dice)
    const did = world.dids[deed.actor]!
    const beside = this.#besides[deed.act]
    if (beside) await beside(did, (deed.given ?? {}) as never, dice)
    else world.begin(this.#ask(did, deed, dice))
  }

  async #ask(did: Did, deed: Deed, dice: Dice): Promise<void> {
    // Nobody acts on what they have not been told of yet.
    for (let looks = 0; looks < looksMax && !this.#names.knowsAll(deed.given ?? {}); looks++) {
      await this.#world.scheduler.wait(lookAgainMs)
    }
    const given = this.#names.resolve(deed.given ?? {}) as object
    const answer = await this.#world.remote(did, dice).call(methodCalled(deed.act), given)
    if (deed.as) this.#names.note(deed.as, answer)
  }

  readonly #besides: Record<string, (did: Did, given: never, dice: Dice) => unknown> = {
    poll: (did, { device }: { device: number }, dice) =>
      this.#world.begin(this.#device(did, device).poll(this.#world.remote(did, dice))),
    restart: (did, { device }: { device: number }, dice) =>
      this.#world.begin(this.#device(did, device).restart(this.#world.remote(did, dice))),
    act: (did, { does }: { does: string }, dice) => {
      const said = `said of its own ${this.#said++}`
      const { client } = this.#device(did, 0)
      const given = impulseOf({ did, act: does, client, dice, said })
      if (given) this.#world.begin(this.#world.remote(did, dice).call(methodCalled(does), given))
    },
    read: (did, _, dice) => this.#world.begin(this.#read(did, dice)),
    crash: (_, { moment }: { moment?: CrashMoment }, dice) => {
      const process = dice.pick(this.#world.processes)
      if (moment) process.crashAt(moment)
      else return process.crash()
    },
    setClock: (_, { byMs }: { byMs: number }, dice) => {
      this.#world.counts.add(`fault: clock set ${byMs < 0 ? 'back' : 'forward'}`)
      dice.pick(this.#world.processes).clock.set(byMs)
    },
    drift: (_, { inThousand }: { inThousand: number }, dice) => {
      this.#world.counts.add('fault: clock drifts')
      dice.pick(this.#world.processes).clock.drift = inThousand
    },
    weather: (_, weather: Weather) => {
      this.#world.network.weather = weather
    },
    quiet: (_, { deeds }: { deeds: Deed[] }) => this.#quiet(deeds),
  }

  /** A page of the list, the counts, and the newest page of some convos. */
  async #read(did: Did, dice: Dice): Promise<void> {
    const remote = this.#world.remote(did, dice)
    const { convos } = await remote.call(listConvos, { limit: 5 })
    await remote.call(getUnreadCounts, {})
    if (dice.oneIn(2)) await remote.call(getPreferences, {})
    else await remote.call(getStatus, {})
    for (const { id } of convos.slice(0, 2)) await remote.call(getMessages, { convoId: id, limit: 10 })
  }

  /** All that is under way comes to its end; then everybody is held to everything. */
  async #quiet(deeds: readonly Deed[]): Promise<void> {
    const world = this.#world
    const { weather } = world.network
    world.network.weather = fair
    for (const process of world.processes) process.crashAt(undefined)
    await world.scheduler.drain()
    world.isQuiet = true
    for (const deed of deeds) await this.#alone(deed)
    const knowsRefusals = !this.#hasUntoldRefusal
    for (const [did, devices] of this.#devices) await assertAtRest(world, { did, devices, knowsRefusals })
    this.#hasUntoldRefusal = false
    world.observer.messages.assertOneOrder()
    world.isQuiet = false
    world.network.weather = weather
    world.counts.add('quiet')
  }

  /** With nothing else going on, a refused call is seen to have changed nothing. */
  async #alone(deed: Deed): Promise<void> {
    const world = this.#world
    const [process] = world.processes
    const before = process!.rowsChanged
    world.scheduler.moment += 1
    const given = this.#names.resolve(deed.given ?? {}) as object
    const did = world.dids[deed.actor]!
    const reply = await world.arrive(process!, did, methodCalled(deed.act), given)
    // The first one finds what was broken.
    await world.scheduler.pass(0)
    if (reply!.status === 200) {
      if (deed.as && reply!.body !== '') this.#names.note(deed.as, JSON.parse(reply!.body))
      return
    }
    world.counts.add('refused alone')
    if (process!.rowsChanged !== before)
      throw new Broken('a refused call changed something', describeDeed(deed))
  }

  #device(did: Did, place: number): Device {
    return this.#devices.get(did)![place]!
  }

  #allDevices(): Device[] {
    return [...this.#devices.values()].flat()
  }
}

function describeError(error: unknown): { what: string; message: string } {
  if (error instanceof Broken) return { what: error.what, message: error.message }
  const { message, stack } = error as Error
  const [what = ''] = message.split(/[:\n]/)
  return { what, message: error instanceof AssertionError ? message : stack! }
}
