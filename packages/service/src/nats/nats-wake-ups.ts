import { isDid } from '@atcute/lexicons/syntax'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { accountsPerWakeUpMax, natsPingIntervalMs, natsPingsUnansweredMax, natsRetryMs } from '../limits.ts'
import type { Logger } from '../logger.ts'
import type { News, WakeUps } from '../store/wake-ups.ts'
import { type Login, requireTls } from './nats-security.ts'

/** A line for each account with something new. */
const accountsSubject = 'parley.accounts'
const modEventsSubject = 'parley.mod-events'

export interface NatsWakeUpsOptions {
  /**
   * Of the servers, such as `nats://nats.internal:4222`; with a name and a password where they ask for them. All
   * begin with `nats://`, or all with `tls://`: then there is TLS or no connection.
   */
  servers: readonly string[]
  logger: Logger
}

/**
 * Wake-ups over NATS core: fire and forget. The service runs with or without it, from the beginning on; while it is
 * away, nothing is told and nothing is kept to be told later. Whoever can write to these subjects can make us ask
 * the database, and nothing else.
 */
export class NatsWakeUps implements WakeUps {
  readonly #options: NatsWakeUpsOptions
  readonly #listeners: ((news: News) => void)[] = []
  #connection: NatsConnection | undefined
  /** While it is not, what is published would pile up in memory. */
  #isUp = false
  #isClosed = false
  #retry: NodeJS.Timeout | undefined
  /** What the log said last: an attempt every other second says it once. */
  #said = ''

  constructor(options: NatsWakeUpsOptions) {
    this.#options = options
    void this.#connect()
  }

  tell(news: News): void {
    const connection = this.#connection
    if (!connection || !this.#isUp) return
    try {
      publish(connection, news)
    } catch (err) {
      // Such as a server whose messages are smaller than ours, or a connection that was given up.
      this.#warn(err, 'NATS did not take a wake-up: others see the news by polling the database')
    }
  }

  onNews(hear: (news: News) => void): void {
    this.#listeners.push(hear)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#retry)
    await this.#connection?.close()
  }

  /** Until there is a connection; from then on the library comes back by itself. */
  async #connect(): Promise<void> {
    const { servers } = this.#options
    try {
      const connection = await connect({
        // With a login in front of it, the library takes a name for an IPv6 address, and a password for a port.
        servers: servers.map(server => new URL(server).host),
        ...securityOf(servers),
        noEcho: true,
        maxReconnectAttempts: -1,
        pingInterval: natsPingIntervalMs,
        maxPingOut: natsPingsUnansweredMax,
        ignoreClusterUpdates: true,
      })
      if (this.#isClosed) return await connection.close()
      this.#connection = connection
      this.#isUp = true
      if (this.#said !== '') this.#options.logger.warn('NATS is there')
      this.#said = ''
      void this.#followStatus(connection)
      for (const hearing of [this.#hearAccounts(connection), this.#hearModEvents(connection)]) {
        hearing.catch(err => this.#warn(err, 'NATS does not let us hear wake-ups'))
      }
      void this.#replace(connection)
    } catch (err) {
      this.#warn(err, 'NATS is away: other processes are heard of by polling the database')
      this.#connectLater()
    }
  }

  /** The library gives up for good where a server refuses it twice. */
  async #replace(connection: NatsConnection): Promise<void> {
    const err = await connection.closed()
    if (this.#isClosed) return
    this.#warn(err, 'NATS refuses this service, and the library gave up: trying again')
    this.#connectLater()
  }

  #connectLater(): void {
    this.#isUp = false
    if (!this.#isClosed) this.#retry = setTimeout(() => this.#connect(), natsRetryMs).unref()
  }

  /** It is the operator's to mend: where in the code it was noticed is no help. */
  #warn(err: unknown, what: string): void {
    const reason = err instanceof Error ? err.message : 'unknown'
    if (this.#said === `${what} ${reason}`) return
    this.#said = `${what} ${reason}`
    this.#options.logger.warn({ reason }, what)
  }

  async #followStatus(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') this.#isUp = false
      if (type === 'reconnect') this.#isUp = true
      if (type === 'disconnect' || type === 'reconnect') this.#options.logger.warn(`NATS: ${type}`)
    }
  }

  async #hearAccounts(connection: NatsConnection): Promise<void> {
    for await (const message of connection.subscribe(accountsSubject)) {
      const accounts = message.string().split('\n', accountsPerWakeUpMax).filter(isDid)
      this.#pass({ accounts, modEvents: false })
    }
  }

  async #hearModEvents(connection: NatsConnection): Promise<void> {
    for await (const _ of connection.subscribe(modEventsSubject)) {
      this.#pass({ accounts: [], modEvents: true })
    }
  }

  #pass(news: News): void {
    for (const hear of this.#listeners) hear(news)
  }
}

function publish(connection: NatsConnection, { accounts, modEvents }: News): void {
  for (let from = 0; from < accounts.length; from += accountsPerWakeUpMax) {
    connection.publish(accountsSubject, accounts.slice(from, from + accountsPerWakeUpMax).join('\n'))
  }
  if (modEvents) connection.publish(modEventsSubject)
}

/** The library reads nothing of this from the addresses, and takes one for all servers. */
function securityOf(servers: readonly string[]) {
  const login = loginOf(servers)
  return servers.some(server => new URL(server).protocol === 'tls:') ? requireTls(login) : login
}

function loginOf(servers: readonly string[]): Login | undefined {
  const withLogin = servers.map(server => new URL(server)).find(({ username }) => username !== '')
  if (!withLogin) return undefined
  return { user: decodeURIComponent(withLogin.username), pass: decodeURIComponent(withLogin.password) }
}
