import type { Did } from '@atcute/lexicons/syntax'
import type { InMemoryService, MemoryFacts } from '@parley/service/in-memory'
import type { ClientOptions } from '../base-client.ts'
import { Client } from '../client.ts'
import { type Clock, systemClock } from '../clock.ts'
import type { OpenWebSocket } from '../web-socket.ts'
import { FakePds, type FakeUser, type SeenRequest } from './fake-pds.ts'
import { FakeSockets } from './fake-sockets.ts'
import type { Fault } from './faults.ts'
import { FlowingClock } from './flowing-clock.ts'
import { createInMemoryService } from './in-memory-service.ts'
import { type Listening, listen } from './listen.ts'

/** Who is on a network, and how time and trouble go there. */
export interface FakeNetworkOptions {
  /** Handles of those who have an account. Everybody accepts messages from everybody. */
  users: readonly string[]
  /** When it begins. Default now. */
  startMs?: number
  /** How many times as fast as usual time flows, for whoever sleeps before a next try or poll. Default 1. */
  pace?: number
  /** `false` plays a service without Parley's extensions: no idempotency keys, no live stream. Default true. */
  extensions?: boolean
  /** Decides about faults that have a chance. Default Math.random. */
  random?: () => number
}

/**
 * Accounts, their PDS and a chat service, all in this process: the service is Parley's own code, so that what works here
 * works there.
 */
export class FakeNetwork implements AsyncDisposable {
  readonly users: readonly FakeUser[]
  readonly #clock: FlowingClock
  readonly #service: InMemoryService
  readonly #pds: FakePds
  readonly #sockets: FakeSockets
  readonly #facts = new Map<string, MemoryFacts>()

  constructor(options: FakeNetworkOptions) {
    const { startMs = systemClock.now(), pace = 1, extensions = true, random = systemClock.random } = options
    this.users = options.users.map((handle, number) => ({
      handle,
      did: didOf(handle, number),
      password: `password-of-${handle}`,
    }))
    this.#clock = new FlowingClock({ startMs, pace })
    this.#service = createInMemoryService({ did: 'did:web:chat.test', clock: this.#clock })
    for (const { handle } of this.users) this.describe(handle, {})
    this.#pds = new FakePds({
      service: this.#service,
      clock: this.#clock,
      users: this.users,
      extensions,
      random,
      declarations: {
        read: ({ handle }) => declarationOf(this.#facts.get(handle)),
        write: ({ handle }, record) => this.describe(handle, { ...this.#facts.get(handle), ...record }),
      },
    })
    this.#sockets = new FakeSockets({ service: this.#service, faults: this.#pds.faults })
  }

  /** Give it to a Client of your own, with `service` and `chat` below. */
  get fetch(): typeof fetch {
    return this.#pds.fetch
  }

  /** The same for its `webSocket`. */
  get webSocket(): OpenWebSocket {
    return this.#sockets.openWebSocket
  }

  /** How many live streams are open. */
  get openStreams(): number {
    return this.#sockets.count
  }

  /** Ends all live streams, as when the network breaks. */
  cutStreams(): void {
    this.#sockets.cut()
  }

  get clock(): Clock {
    return this.#clock
  }

  /** Address of the PDS. */
  get service(): string {
    return 'https://pds.test'
  }

  /** Name of the chat service. */
  get chat(): string {
    return `${this.#service.did}#bsky_chat`
  }

  /** Everything that was asked for so far. */
  get requests(): readonly SeenRequest[] {
    return this.#pds.requests
  }

  /** DID and password of somebody. Throws where they were not given in `users`. */
  user(handle: string): FakeUser {
    const user = this.users.find(one => one.handle === handle)
    if (user === undefined) throw new Error(`There is no ${handle} on this network; give it in \`users\``)
    return user
  }

  /** Lets other programs use it, on this machine: their PDS is at `url`, their chat service is called `chat`. */
  listen(port = 0): Promise<Listening> {
    return listen({ fetch: this.fetch, upgrade: this.#service.upgrade }, port)
  }

  /** A client that is logged in. */
  async client(handle: string, options: ClientOptions = {}): Promise<Client> {
    const client = this.newClient(options)
    await client.login(handle, this.user(handle).password)
    return client
  }

  /** One that is not. */
  newClient(options: ClientOptions = {}): Client {
    const { fetch, webSocket, service, chat, clock } = this
    return new Client({ service, chat, fetch, webSocket, clock, ...options })
  }

  /** What the network knows of somebody: a display name, from whom they accept messages. */
  describe(handle: string, facts: Partial<MemoryFacts>): void {
    const all: MemoryFacts = { handle, allowIncoming: 'all', ...this.#facts.get(handle), ...facts }
    this.#facts.set(handle, all)
    this.#service.people.add(this.user(handle).did, all)
  }

  /** `from` follows `to` from now on. */
  follow(from: string, to: string): void {
    this.#service.people.follow(this.user(from).did, this.user(to).did)
  }

  /** `from` blocks `to` from now on. */
  block(from: string, to: string): void {
    this.#service.people.block(this.user(from).did, this.user(to).did)
  }

  /** Undoes block(). */
  unblock(from: string, to: string): void {
    this.#service.people.unblock(this.user(from).did, this.user(to).did)
  }

  /** Lets something go wrong. */
  fault(fault: Fault): void {
    this.#pds.faults.add(fault)
  }

  /** Nothing goes wrong any more. */
  clearFaults(): void {
    this.#pds.faults.clear()
  }

  /** Every access token is refused from now on, until it is renewed. */
  expireTokens(): void {
    this.#pds.expireTokens()
  }

  /** Lets time pass at once: whoever waits for less wakes up. */
  advance(ms: number): Promise<void> {
    return this.#clock.advance(ms)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#service.close()
  }
}

/** Makes a network. Nothing listens anywhere unless asked to; let go of it with `await using` or not at all. */
export function fakeNetwork(options: FakeNetworkOptions): FakeNetwork {
  return new FakeNetwork(options)
}

/** As it stands in the repo. */
function declarationOf(facts: MemoryFacts | undefined): Record<string, unknown> | undefined {
  if (facts === undefined) return undefined
  const { handle: _, displayName: __, createdAt: ___, ...declared } = facts
  return { $type: 'chat.bsky.actor.declaration', ...declared }
}

/** The same for the same user of the same list, and a valid did:plc. */
function didOf(handle: string, number: number): Did {
  const letters = handle.toLowerCase().replaceAll(/[^a-z]/g, '')
  return `did:plc:${`${letters.slice(0, 20)}${base32(number)}`.padEnd(24, 'a')}`
}

function base32(number: number): string {
  return number.toString(32).replaceAll(/[0189]/g, digit => 'wxyz'['0189'.indexOf(digit)]!)
}
