import type { Did } from '@atcute/lexicons/syntax'
import packageJson from '../package.json' with { type: 'json' }
import { assemble } from './assemble.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Config } from './config.ts'
import { AppViewRecords } from './embeds/appview-records.ts'
import { PdsRecords } from './embeds/pds-records.ts'
import type { Records } from './embeds/records.ts'
import { createLogger, type Logger } from './logger.ts'
import { AppViewPeople } from './people/appview-people.ts'
import { FirehosePeople } from './people/firehose-people.ts'
import type { Identity } from './people/identity.ts'
import { NetworkIdentity } from './people/network-identity.ts'
import type { People } from './people/people.ts'
import { openStore } from './store/open-store.ts'
import { isPostgresAddress } from './store/postgres/address.ts'
import type { Store } from './store/store.ts'
import type { WakeUps } from './store/wake-ups.ts'
import { createHttpWorkers } from './workers/http-workers.ts'
import { createHttpServer, type HttpServer } from './xrpc/adapter.ts'
import type { Edge } from './xrpc/edge.ts'
import { createPipeline } from './xrpc/pipeline.ts'
import { createRateLimiter, noRateLimits } from './xrpc/rate-limit.ts'
import { countRequests } from './xrpc/request-ids.ts'
import { createSubscriptions } from './xrpc/subscriptions.ts'
import { createWebSockets } from './xrpc/websockets.ts'
import { type Page, wellKnownPages } from './xrpc/well-known.ts'

/** A running service. */
export interface Service extends AsyncDisposable {
  did: Did
  /** Where it listens, without TLS; what the world calls it by is `publicUrl` of its configuration. */
  url: string
  port: number
  people: People
  store: Store
  /** Takes no new requests, finishes those in flight, then lets go of the network and the store. */
  close(): Promise<void>
}

/** Opens everything in order; where a step fails, what was opened before is closed again. */
export async function createService(config: Config): Promise<Service> {
  await using opened = new AsyncDisposableStack()
  const clock = systemClock
  const logger = createLogger(config.logLevel)
  const wakeUps = await openWakeUps(config, logger)
  if (wakeUps) opened.defer(() => wakeUps.close())
  const store = await openStore({ database: config.database, clock, ...(wakeUps && { wakeUps }) })
  opened.defer(() => store.close())
  const identity = new NetworkIdentity({
    plcUrl: config.plcUrl,
    allowPrivateNetwork: config.allowPrivateNetwork,
    clock,
  })
  const people = await openPeople({ config, clock, logger, identity })
  opened.defer(() => people.close())
  const records = openRecords({ config, clock, identity, people })
  const rateLimiter = config.rateLimits
    ? createRateLimiter({ limits: config.rateLimits, clock })
    : noRateLimits
  const edge = assemble({
    audiences: [config.did, ...config.acceptedAudiences],
    store,
    people,
    records,
    identity,
    rateLimiter,
    moderators: config.moderators,
    groupCreatorAgeMs: config.groupCreatorAgeHours * 60 * 60 * 1000,
    replayProtection: config.replayProtection,
    checkOutput: config.checkOutput,
    clock,
    logger,
  })
  const pages = wellKnownPages({ did: config.did, publicUrl: config.publicUrl, version: packageJson.version })
  const server = createServer({ edge, pages, identity, config })
  opened.defer(() => server.close())
  const port = await server.listen({ host: config.host, port: config.port })

  const resources = opened.move()
  const close = () => resources.disposeAsync()
  const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`
  return { did: config.did, url, port, people, store, close, [Symbol.asyncDispose]: close }
}

interface ServerOptions {
  edge: Edge
  pages: readonly Page[]
  identity: Identity
  config: Config
}

function createServer({ edge, pages, identity, config }: ServerOptions): HttpServer {
  const { logger, subscriptionLimits: limits } = edge
  const pipeline = createPipeline(edge)
  const open = createSubscriptions(edge)
  if (config.httpWorkers > 0) {
    const { httpWorkers: count, logLevel } = config
    const settings = { pages, limits, logLevel }
    return createHttpWorkers({ count, pipeline, open, identity, logger, settings })
  }
  const nextRequestId = countRequests()
  const webSockets = createWebSockets({ open, limits, nextRequestId, logger })
  return createHttpServer({ pipeline, webSockets, pages, nextRequestId, logger })
}

/** The library is read only where it is wanted. */
async function openWakeUps({ natsServers: servers }: Config, logger: Logger): Promise<WakeUps | undefined> {
  if (servers.length === 0) return undefined
  const { NatsWakeUps } = await import('./nats/nats-wake-ups.ts')
  return new NatsWakeUps({ servers, logger })
}

interface PeopleOptions {
  config: Config
  clock: Clock
  logger: Logger
  identity: NetworkIdentity
}

/** An own index is made anew from the network where it is missing. */
async function openPeople({ config, clock, logger, identity }: PeopleOptions): Promise<People> {
  const { people } = config
  if (people.kind === 'appview') return new AppViewPeople({ url: people.url, clock })
  const path = config.peopleIndexPath ?? peopleIndexBeside(config.database)
  return FirehosePeople.open({ hosts: people.hosts, path, documents: identity, clock, log: logger })
}

function peopleIndexBeside(database: string): string {
  if (isPostgresAddress(database)) return 'parley-people.sqlite'
  return database === ':memory:' ? database : `${database}-people`
}

interface RecordsOptions {
  config: Config
  clock: Clock
  identity: Identity
  people: People
}

function openRecords({ config, clock, identity, people }: RecordsOptions): Records {
  const { allowPrivateNetwork } = config
  if (config.people.kind === 'appview') return new AppViewRecords({ url: config.people.url, people, clock })
  return new PdsRecords({ identity, people, clock, allowPrivateNetwork })
}
