import { availableParallelism, platform } from 'node:os'
import type { Did } from '@atcute/lexicons/syntax'
import {
  type Converter,
  toCount,
  toDid,
  toHostname,
  toHttpWorkers,
  toListOf,
  toLogLevel,
  toNatsServers,
  toOrigin,
  toPort,
  toRate,
  toSwitch,
  toText,
} from './config-values.ts'
import { defaultRateLimits, type RateLimits } from './limits.ts'
import type { LogLevel } from './logger.ts'
import { isPostgresAddress } from './store/postgres/address.ts'

/** Where this service learns of accounts, follows and blocks. */
export type PeopleSource =
  /** From an AppView's public API; `url` is its origin. */
  | { kind: 'appview'; url: string }
  /** From the repositories themselves; `hosts` are origins of PDSes or relays to follow. */
  | { kind: 'firehose'; hosts: readonly string[] }

/** All that can be set. `configDefaults` has a value for everything but `did` and `publicUrl`. */
export interface Config {
  /** Who the service is: what clients put before `#bsky_chat` in `atproto-proxy`. */
  did: Did
  /** Origin at which PDSes reach the service, as its DID document says. */
  publicUrl: string
  /** Address to listen on. Default 127.0.0.1: TLS is the business of the proxy in front. */
  host: string
  /** Port to listen on; 0 lets the system choose. Default 2590. */
  port: number
  /**
   * Cores that speak HTTP and verify signatures beside the one that answers; each takes about 25 MB. Default: one for
   * each core but the first, at most 3, and 1 where it is not Linux that shares the port out; 0, with which one core
   * does all, on a machine with one.
   */
  httpWorkers: number
  /**
   * Path of the SQLite file, or `:memory:`; or the address of a PostgreSQL database, as store/postgres/address.ts
   * reads it. Has a password in it: never shown. Default parley.sqlite.
   */
  database: string
  /**
   * Path of the index of people that the firehose feeds, each process its own. Default: beside the SQLite file, its
   * name with `-people`; with PostgreSQL parley-people.sqlite.
   */
  peopleIndexPath: string | undefined
  /** NATS servers by which processes on one PostgreSQL wake each other. Default none: they look every second. */
  natsServers: readonly string[]
  /** Origin of the PLC directory. Default https://plc.directory. */
  plcUrl: string
  /** Default: the AppView at https://public.api.bsky.app. */
  people: PeopleSource
  /** DIDs that tokens may name besides `did`. Default none. */
  acceptedAudiences: readonly Did[]
  /** Accounts that may call `chat.bsky.moderation.*`, themselves or as the labeler they run. Default none. */
  moderators: readonly Did[]
  /** Accounts younger than this do not create groups. Default 0: all do. */
  groupCreatorAgeHours: number
  /** `undefined` switches them off, for devnets and load tests. Default: those of limits.ts. */
  rateLimits: RateLimits | undefined
  /** Whether a token serves only once. Default off: it costs memory, and tokens live a minute. */
  replayProtection: boolean
  /** Whether http:// and private addresses may be fetched, for devnets. Default off: a DID names any host it likes. */
  allowPrivateNetwork: boolean
  /** Whether answers are checked against their lexicon before they are sent. Default off. */
  checkOutput: boolean
  /** Default info, a line per request. */
  logLevel: LogLevel
}

export const configDefaults: Omit<Config, 'did' | 'publicUrl'> = {
  host: '127.0.0.1',
  port: 2590,
  httpWorkers: defaultHttpWorkers(),
  database: 'parley.sqlite',
  peopleIndexPath: undefined,
  natsServers: [],
  plcUrl: 'https://plc.directory',
  people: { kind: 'appview', url: 'https://public.api.bsky.app' },
  acceptedAudiences: [],
  moderators: [],
  groupCreatorAgeHours: 0,
  rateLimits: defaultRateLimits,
  replayProtection: false,
  allowPrivateNetwork: false,
  checkOutput: false,
  logLevel: 'info',
}

function defaultHttpWorkers(): number {
  // Elsewhere the system does not share one port out, or not evenly.
  const most = platform() === 'linux' ? 3 : 1
  return Math.min(availableParallelism() - 1, most)
}

/** The environment does not say what the service needs; `message` names each variable and what to set it to. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

type Environment = Record<string, string | undefined>

/**
 * The configuration that these variables describe:
 *
 * - `PARLEY_HOSTNAME`: public host name, with a port where it has one; gives did:web and public URL
 * - `PARLEY_SERVICE_DID`: where it is not the did:web of the host name
 * - `PARLEY_PUBLIC_URL`: where it is not https:// and the host name (http:// for localhost)
 * - `PARLEY_HTTP_WORKERS`: how many cores speak HTTP, 0 to 16
 * - `PARLEY_HOST`, `PARLEY_PORT`, `PARLEY_PLC_URL`, `PARLEY_LOG_LEVEL`
 * - `PARLEY_DATABASE`: a path, or postgres://user:password@host:port/database
 * - `PARLEY_NATS_SERVERS`: nats://host:port with commas between them, for several processes on one PostgreSQL; with
 *   tls:// in place of nats:// there is TLS or no connection
 * - `PARLEY_APPVIEW_URL`, or `PARLEY_FIREHOSE_HOSTS`: origins with commas between them; then `PARLEY_PEOPLE_INDEX`, a path
 * - `PARLEY_ACCEPTED_AUDIENCES`, `PARLEY_MODERATORS`: DIDs with commas between them
 * - `PARLEY_GROUP_CREATOR_AGE_HOURS`: how old an account must be to create groups
 * - `PARLEY_RATE_CALLS`, `PARLEY_RATE_ANONYMOUS_CALLS`, `PARLEY_RATE_SENDS`, `PARLEY_RATE_CHANGES`,
 *   `PARLEY_RATE_NEW_CONVOS`: count/seconds, such as 3000/300; of sends and changes, several with commas between them
 * - `PARLEY_RATE_LIMITS`, `PARLEY_REPLAY_PROTECTION`, `PARLEY_ALLOW_PRIVATE_NETWORK`, `PARLEY_CHECK_OUTPUT`: on or off
 */
export function readConfig(env: Environment): Config {
  const problems: string[] = []
  const asked = new Set<string>()
  const read = reader(env, problems, asked)
  const hostname = read('PARLEY_HOSTNAME', undefined, toHostname)
  const rateLimits = readRateLimits(read)
  const config: Config = {
    did: read('PARLEY_SERVICE_DID', hostname === undefined ? undefined : webDid(hostname), toDid)!,
    publicUrl: read('PARLEY_PUBLIC_URL', hostname === undefined ? undefined : webUrl(hostname), toOrigin)!,
    host: read('PARLEY_HOST', configDefaults.host, toText),
    port: read('PARLEY_PORT', localPort(hostname) ?? configDefaults.port, toPort),
    httpWorkers: read('PARLEY_HTTP_WORKERS', configDefaults.httpWorkers, toHttpWorkers),
    database: read('PARLEY_DATABASE', configDefaults.database, toText),
    peopleIndexPath: read('PARLEY_PEOPLE_INDEX', configDefaults.peopleIndexPath, toText),
    natsServers: read('PARLEY_NATS_SERVERS', configDefaults.natsServers, toNatsServers),
    plcUrl: read('PARLEY_PLC_URL', configDefaults.plcUrl, toOrigin),
    people: readPeopleSource(read, problems),
    acceptedAudiences: read('PARLEY_ACCEPTED_AUDIENCES', configDefaults.acceptedAudiences, toListOf(toDid)),
    moderators: read('PARLEY_MODERATORS', configDefaults.moderators, toListOf(toDid)),
    groupCreatorAgeHours: read(
      'PARLEY_GROUP_CREATOR_AGE_HOURS',
      configDefaults.groupCreatorAgeHours,
      toCount,
    ),
    rateLimits: read('PARLEY_RATE_LIMITS', true, toSwitch) ? rateLimits : undefined,
    replayProtection: read('PARLEY_REPLAY_PROTECTION', configDefaults.replayProtection, toSwitch),
    allowPrivateNetwork: read('PARLEY_ALLOW_PRIVATE_NETWORK', configDefaults.allowPrivateNetwork, toSwitch),
    checkOutput: read('PARLEY_CHECK_OUTPUT', configDefaults.checkOutput, toSwitch),
    logLevel: read('PARLEY_LOG_LEVEL', configDefaults.logLevel, toLogLevel),
  }
  if (problems.length === 0 && (config.did === undefined || config.publicUrl === undefined)) {
    problems.push(
      'PARLEY_HOSTNAME is not set: give the public host name of the service, such as chat.example.org' +
        ' (or localhost:2590 to try it out), or else both PARLEY_SERVICE_DID and PARLEY_PUBLIC_URL',
    )
  }
  if (config.natsServers.length > 0 && !isPostgresAddress(config.database)) {
    problems.push('PARLEY_NATS_SERVERS is for several processes on one PostgreSQL; SQLite has one: unset it')
  }
  problems.push(...unknownSettings(env, asked))
  if (problems.length > 0) throw new ConfigError(problems.join('\n'))
  return Object.freeze(config)
}

/** Of other programs, whose settings may stand in the same file. */
const othersSettings = /^PARLEY_(OZONE_|DEVNET$)/

/** A setting that is misspelt would be one that is not there. */
function unknownSettings(env: Environment, asked: ReadonlySet<string>): string[] {
  return Object.keys(env)
    .filter(name => name.startsWith('PARLEY_') && !asked.has(name) && !othersSettings.test(name))
    .map(name => `${name} is no setting of the service: is it misspelt?`)
}

function readRateLimits(read: Reader): RateLimits {
  return {
    calls: read('PARLEY_RATE_CALLS', defaultRateLimits.calls, toRate),
    anonymousCalls: read('PARLEY_RATE_ANONYMOUS_CALLS', defaultRateLimits.anonymousCalls, toRate),
    sends: read('PARLEY_RATE_SENDS', defaultRateLimits.sends, toListOf(toRate)),
    changes: read('PARLEY_RATE_CHANGES', defaultRateLimits.changes, toListOf(toRate)),
    newConvos: read('PARLEY_RATE_NEW_CONVOS', defaultRateLimits.newConvos, toRate),
  }
}

function readPeopleSource(read: Reader, problems: string[]): PeopleSource {
  const url = read('PARLEY_APPVIEW_URL', undefined, toOrigin)
  const hosts = read('PARLEY_FIREHOSE_HOSTS', undefined, toListOf(toOrigin))
  if (url !== undefined && hosts !== undefined) {
    problems.push('PARLEY_APPVIEW_URL and PARLEY_FIREHOSE_HOSTS are both set: unset one of them')
  }
  if (hosts !== undefined) return { kind: 'firehose', hosts }
  return url === undefined ? configDefaults.people : { kind: 'appview', url }
}

type Reader = <T, D>(name: string, fallback: D, convert: Converter<T>) => T | D

/** Notes what is wrong and goes on, so that all problems are seen at once. An empty variable counts as not set. */
function reader(env: Environment, problems: string[], asked: Set<string>): Reader {
  return (name, fallback, convert) => {
    asked.add(name)
    const text = env[name]?.trim()
    if (text === undefined || text === '') return fallback
    try {
      return convert(text)
    } catch (error) {
      // An address may have a password in it.
      const shown = text.includes('@') ? '' : ` is "${text}"`
      problems.push(`${name}${shown}: ${(error as Error).message}`)
      return fallback
    }
  }
}

function webDid(hostname: string): Did {
  return `did:web:${hostname.replace(':', '%3A')}`
}

function webUrl(hostname: string): string {
  return `${/^localhost(:|$)/.test(hostname) ? 'http' : 'https'}://${hostname}`
}

/** Nothing stands in front of localhost, so its port is the one to listen on. */
function localPort(hostname: string | undefined): number | undefined {
  const port = /^localhost:([0-9]+)$/.exec(hostname ?? '')?.[1]
  return port === undefined ? undefined : Number(port)
}
