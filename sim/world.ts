import type { Did } from '@atcute/lexicons/syntax'
import { AppError } from '../packages/service/src/errors.ts'
import { MemoryPeople } from '../packages/service/src/people/memory-people.ts'
import type { Endpoint } from '../packages/service/src/xrpc/endpoint.ts'
import { castNames } from '../packages/service/test/stories/perform.ts'
import { Broken } from '../packages/service/test/stories/same.ts'
import type { Breakage } from './breakage.ts'
import { OutOfReach, RemoteActor, type Reply } from './client/remote-actor.ts'
import type { Counts } from './counts.ts'
import type { Database } from './database/database.ts'
import { createDice, type Dice } from './dice.ts'
import { Network } from './network.ts'
import { Observer } from './observe/observer.ts'
import type { Op } from './observe/op.ts'
import { Scheduler } from './scheduler.ts'
import { ServiceProcess, type Surroundings } from './service-process.ts'
import { TokenDesk } from './token-desk.ts'

export interface WorldOptions {
  database: Database
  breakage: Breakage
  counts: Counts
  seed: number
}

/** How long a process is away after a crash. */
const downMs = [0, 20, 300, 3000]

/** The service's processes on their database, the network before them, and who watches. */
export class World {
  readonly scheduler = new Scheduler()
  readonly counts: Counts
  readonly network: Network
  readonly observer: Observer
  readonly processes: readonly ServiceProcess[]
  readonly dids: readonly Did[] = castNames.map((name): Did => `did:plc:${name.padEnd(24, 'a')}`)
  isQuiet = false
  /** Called as each call reaches a process. */
  onArrival: (op: Op) => void = () => {}
  readonly #tokens = new TokenDesk(this.dids)
  readonly #dice: Dice
  readonly #open = new Map<ServiceProcess, Set<Op>>()
  readonly #database: Database
  #codes = 0

  constructor({ database, breakage, counts, seed }: WorldOptions) {
    this.counts = counts
    this.#dice = createDice(seed, 2)
    this.#database = breakage.database(database)
    this.network = new Network(this.scheduler, counts)
    this.observer = new Observer(counts, () => this.scheduler.moment)
    const people = new MemoryPeople()
    for (const [place, did] of this.dids.entries()) {
      people.add(did, { handle: `${castNames[place]}.test`, allowIncoming: 'all' })
    }
    const around: Surroundings = {
      scheduler: this.scheduler,
      database: this.#database,
      people,
      tokens: this.#tokens,
      counts,
      dice: this.#dice,
      breakage,
      isQuiet: () => this.isQuiet,
      newJoinCode: () => `code${String(this.#codes++).padStart(3, '0')}`,
      died: process => this.#died(process),
    }
    this.processes = Array.from({ length: this.#database.processesMax }, () => new ServiceProcess(around))
  }

  async start(): Promise<void> {
    for (const process of this.processes) await process.start()
  }

  /** A client of this account, with dice of its own. */
  remote(did: Did, dice: Dice): RemoteActor {
    const wait = (ms: number) => this.scheduler.wait(ms)
    return new RemoteActor(did, { send: (...request) => this.#send(...request), wait }, dice)
  }

  /** Sets something going that takes as long as it takes. What a client cannot help is counted. */
  begin(act: Promise<unknown>): void {
    act.catch((error: unknown) => {
      if (error instanceof OutOfReach) this.counts.add('client gave up')
      else if (!(error instanceof AppError)) this.scheduler.fail(error)
    })
  }

  /** Lets a call reach a process, and hears both it and the answer. */
  async arrive(process: ServiceProcess, did: Did, endpoint: Endpoint, given: object): Promise<Reply> {
    if (!process.isAlive) {
      this.counts.add('fault: no process there')
      return undefined
    }
    const { nsid } = endpoint.schema
    const token = await this.#tokens.token(did, nsid, process.clock.now())
    const op = this.observer.began(did, nsid.split('.').at(-1)!, { ...given })
    this.#opOf(process).add(op)
    this.onArrival(op)
    const answer = await process.handle(requestOf(endpoint, given, token))
    this.#opOf(process).delete(op)
    const body = answer.body as string
    if (answer.status === 500)
      this.scheduler.fail(new Broken(`a fault in ${op.act}`, process.faults.at(-1) ?? ''))
    const outcome = answer.status === 200 ? 'done' : answer.status < 500 ? 'refused' : 'lost'
    this.#heard(op, outcome, outcome === 'done' && body !== '' ? JSON.parse(body) : undefined)
    return { status: answer.status, body }
  }

  close(): void {
    this.#database.close()
  }

  #heard(...[op, outcome, answer]: Parameters<Observer['ended']>): void {
    try {
      this.observer.ended(op, outcome, answer)
    } catch (error) {
      this.scheduler.fail(error)
    }
  }

  #send(did: Did, endpoint: Endpoint, given: object, dice: Dice): Promise<Reply> {
    const process = dice.pick(this.processes)
    return this.network.request(dice, () => this.arrive(process, did, endpoint, given))
  }

  #died(process: ServiceProcess): void {
    for (const op of this.#opOf(process)) this.#heard(op, 'lost')
    this.#open.delete(process)
    this.scheduler.after(this.#dice.pick(downMs), () => process.start())
  }

  #opOf(process: ServiceProcess): Set<Op> {
    const ops = this.#open.get(process) ?? new Set()
    this.#open.set(process, ops)
    return ops
  }
}

function requestOf(endpoint: Endpoint, given: object, token: string) {
  const { nsid, type } = endpoint.schema
  const isQuery = type === 'xrpc_query'
  const query = new URLSearchParams()
  if (isQuery) {
    for (const [name, value] of Object.entries(given)) {
      for (const one of Array.isArray(value) ? value : [value]) {
        if (one !== undefined) query.append(name, String(one))
      }
    }
  }
  const hasBody = !isQuery && 'input' in endpoint.schema && Boolean(endpoint.schema.input)
  return {
    requestId: '',
    verb: isQuery ? 'GET' : 'POST',
    nsid,
    query: query.toString(),
    authorization: [`Bearer ${token}`],
    contentType: hasBody ? 'application/json' : undefined,
    body: async () => Buffer.from(hasBody ? JSON.stringify(given) : ''),
    closed: () => new AbortController().signal,
  }
}
