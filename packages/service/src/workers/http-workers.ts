import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { SubscriptionLimits } from '../limits.ts'
import type { Logger, LogLevel } from '../logger.ts'
import type { Identity } from '../people/identity.ts'
import type { Address, HttpServer } from '../xrpc/adapter.ts'
import type { Pipeline } from '../xrpc/pipeline.ts'
import type { OpenSubscription } from '../xrpc/subscriptions.ts'
import type { Page } from '../xrpc/well-known.ts'
import { countHeard, type Heard, haveHeard } from './backlog.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import { createOutbox, type Port } from './outbox.ts'
import { ServedWorker } from './served-worker.ts'

/** What each worker is told at its start. */
export interface WorkerData {
  requestIdPrefix: string
  address: Address
  heard: Heard
  settings: WorkerSettings
}

export interface WorkerSettings {
  pages: readonly Page[]
  limits: SubscriptionLimits
  logLevel: LogLevel
}

export interface HttpWorkersOptions {
  /** At least one. */
  count: number
  pipeline: Pipeline
  open: OpenSubscription
  identity: Identity
  logger: Logger
  settings: WorkerSettings
}

/**
 * The front door on other cores: each worker listens on the same port, speaks HTTP and verifies signatures. All that
 * decides anything, pipeline, store and every cache, stays here, once.
 */
export function createHttpWorkers(options: HttpWorkersOptions): HttpServer {
  const { count } = options
  const workers: HttpWorker[] = []
  let starting: Promise<unknown> = Promise.resolve()

  function listen(address: Address): Promise<number> {
    const port = start(address)
    // Who closes meanwhile needs to know when, not whether.
    starting = port.catch(() => {})
    return port
  }

  async function start(address: Address): Promise<number> {
    const port = count === 1 ? address.port : await freePort(address)
    const shared: Address = { ...address, port, reusePort: count > 1 }
    const starts = Array.from({ length: count }, (_, index) => {
      const worker = startWorker(options, { requestIdPrefix: `${index + 1}-`, address: shared })
      workers.push(worker)
      return worker.listens
    })
    const [listening] = await Promise.all(starts)
    return listening!
  }

  async function close(): Promise<void> {
    await starting
    await Promise.all(workers.map(worker => worker.finish()))
  }

  return { listen, close }
}

/** Where several may listen, a second service would not be refused: so one asks alone first. */
async function freePort({ host, port }: Address): Promise<number> {
  const server = createServer()
  server.listen({ host, port })
  await once(server, 'listening')
  const { port: free } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return free
}

interface HttpWorker {
  /** Resolves with its port, and rejects with the system's error where it cannot listen. */
  listens: Promise<number>
  /** Resolves when all that was in flight is done and the worker has gone. */
  finish(): Promise<void>
}

/** What is new in a worker dies with its request. Left to itself, the room for it grows to ten times this. */
const resourceLimits = { maxYoungGenerationSizeMb: 12 }

/** One beside this file, whichever form it is in. */
const program = new URL(`./http-worker${extname(import.meta.url)}`, import.meta.url)

function startWorker(
  { pipeline, open, identity, logger, settings }: HttpWorkersOptions,
  own: Pick<WorkerData, 'requestIdPrefix' | 'address'>,
): HttpWorker {
  const heard = countHeard()
  const data: WorkerData = { ...own, heard, settings }
  // Nothing of the environment, where passwords stand, is for those who speak with everybody.
  const worker = new Worker(program, { workerData: data, env: {}, execArgv: [], resourceLimits })
  const post = createOutbox<ToWorker>(worker as Port<ToWorker>)
  const served = new ServedWorker({ post, pipeline, open, identity, logger })
  const listens = Promise.withResolvers<number>()
  const finished = Promise.withResolvers<void>()

  worker.on('message', (messages: FromWorker[]) => {
    haveHeard(heard, messages)
    for (const message of messages) {
      if (message.type === 'listens') listens.resolve(message.port)
      else if (message.type === 'cannotListen')
        listens.reject(Object.assign(new Error(message.message), { code: message.code }))
      else if (message.type === 'finished') finished.resolve()
      else served.hear(message)
    }
  })
  // A bug, which ends the process as it would without workers.
  worker.on('error', error => {
    throw error
  })

  async function finish(): Promise<void> {
    post({ type: 'finish' })
    await finished.promise
    await worker.terminate()
    served.gone()
  }

  return { listens: listens.promise, finish }
}
