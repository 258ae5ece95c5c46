import { setTimeout as pause } from 'node:timers/promises'
import type { TestAccount } from '@parley/testing/account.ts'
import { type Chance, chanceFrom, oneOf } from '../chance.ts'
import type { HistoryFile } from '../checker/history.ts'
import { Client, RefusedError } from './client.ts'
import * as ask from './requests.ts'
import type { Server } from './server.ts'

export interface LoadOptions {
  accounts: readonly TestAccount[]
  servers: readonly Server[]
  history: HistoryFile
  seed: number
}

/** Convos that are begun in the course of a run, after which there is enough to go wrong. */
const convosMax = 60
const pauseMs = 8
const values = ['👍', '🎉', '👀']

/** Accounts that write, react, mark, accept, begin convos and read along, each thing through whatever happens. */
export class Load implements AsyncDisposable {
  readonly #options: LoadOptions
  readonly #clients: Client[] = []
  readonly #convos = new Map<TestAccount, string[]>()
  readonly #work: Promise<unknown>[] = []
  #keys = 0
  #isOver = false
  readonly #ended = Promise.withResolvers<void>()

  constructor(options: LoadOptions) {
    this.#options = options
    for (const account of options.accounts) this.#convos.set(account, [])
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** Resolves when there is a ring of direct convos and a group of half of all, with everybody at work in them. */
  async start(): Promise<void> {
    const { accounts, seed } = this.#options
    const chance = chanceFrom(seed)
    const founders = accounts.map(account => this.#client(account, 0))
    const half = Math.ceil(accounts.length / 2)
    await this.#createGroup(founders[0]!, accounts.slice(1, half))
    for (const [i, founder] of founders.entries()) {
      await this.#openDirect(founder, accounts[(i + 1) % accounts.length]!)
    }
    for (const [i, account] of accounts.entries()) {
      this.#work.push(this.#write(this.#client(account, i), chanceFrom(chance(2 ** 31))))
      this.#work.push(this.#follow(this.#client(account, i), chanceFrom(chance(2 ** 31))))
    }
    this.#work.push(this.#found(founders, chanceFrom(chance(2 ** 31))))
    // Of a refusal that ought not to be the checker tells: there is nothing more to wait for.
    for (const work of this.#work) work.catch(() => this.#end())
  }

  /** Resolves when it is over, by `finish` or by itself. */
  get ended(): Promise<void> {
    return this.#ended.promise
  }

  /** Resolves when everything that was begun has been answered, or refused. */
  async finish(): Promise<void> {
    this.#end()
    for (const result of await Promise.allSettled(this.#work)) {
      if (result.status === 'rejected' && !(result.reason instanceof RefusedError)) throw result.reason
    }
  }

  #end(): void {
    this.#isOver = true
    this.#ended.resolve()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end()
    for (const client of this.#clients) client.close()
  }

  #client(account: TestAccount, number: number): Client {
    const { servers, history } = this.#options
    const client = new Client(account, servers[number % servers.length]!, history)
    this.#clients.push(client)
    return client
  }

  /** A key is a text is a message. */
  #key(): string {
    return `message ${this.#keys++}`
  }

  async #write(client: Client, chance: Chance): Promise<void> {
    const convos = this.#convos.get(client.account)!
    let reacted: Parameters<typeof ask.toggle> | undefined
    let lastSent: { convo: string; key: string } | undefined
    while (!this.#isOver) {
      const convo = oneOf(chance, convos)
      const dice = chance(1)
      if (dice < 0.5) {
        lastSent = { convo, key: this.#key() }
        await client.call(ask.send(lastSent.convo, lastSent.key))
        // Who writes looks at what came of it.
        if (chance(1) < 0.3) await client.call(ask.page(convo, 20))
      } else if (dice < 0.55 && lastSent) await client.call(ask.send(lastSent.convo, lastSent.key))
      else if (dice < 0.65 && reacted) {
        await client.call(ask.toggle('unreact', reacted[1], reacted[2], reacted[3]))
        reacted = undefined
      } else if (dice < 0.75) {
        const state = (await client.call(ask.look(convo))).convo!
        if (state.status === 'request') await client.call(ask.accept(convo))
      } else {
        const { messages } = await client.call(ask.page(convo, 5 + Math.floor(chance(40))))
        const message = messages!.find(({ text }) => text !== undefined)
        if (message && chance(1) < 0.5) await client.call(ask.markRead(convo, message.id))
        else if (message && !reacted) {
          reacted = ['react', convo, message.id, oneOf(chance, values)]
          await client.call(ask.toggle(...reacted))
        }
      }
      await pause(chance(pauseMs))
    }
  }

  async #follow(client: Client, chance: Chance): Promise<void> {
    let { cursor } = await client.call(ask.poll(undefined))
    while (!this.#isOver) {
      cursor = (await client.call(ask.poll(cursor))).cursor
      await pause(chance(4 * pauseMs))
    }
  }

  /** New convos, so that beginning one is under way too when a kill comes. */
  async #found(founders: readonly Client[], chance: Chance): Promise<void> {
    for (let begun = 0; !this.#isOver && begun < convosMax; begun++) {
      const founder = oneOf(chance, founders)
      const others = this.#options.accounts.filter(account => account !== founder.account)
      const [one, another] = [oneOf(chance, others), oneOf(chance, others)]
      if (begun % 2 === 0) await this.#openDirect(founder, one)
      else await this.#createGroup(founder, [...new Set([one, another])])
      await pause(chance(40 * pauseMs))
    }
  }

  async #openDirect(founder: Client, other: TestAccount): Promise<void> {
    const { convo } = await founder.call(ask.open(other.did))
    await founder.call(ask.send(convo!.id, this.#key()))
    this.#join(convo!.id, [founder.account, other])
  }

  /** Creating has no idempotency key: who got no answer looks whether the group is there. */
  async #createGroup(founder: Client, members: readonly TestAccount[]): Promise<void> {
    const name = `group ${this.#keys++}`
    const dids = members.map(({ did }) => did)
    for (;;) {
      const answer = await founder.attempt(ask.create(name, dids))
      const found = answer?.convo ?? (await this.#findGroup(founder, name))
      if (found) {
        await founder.call(ask.send(found.id, this.#key()))
        this.#join(found.id, [founder.account, ...members])
        return
      }
    }
  }

  async #findGroup(founder: Client, name: string): Promise<{ id: string } | undefined> {
    const { convos } = await founder.ask('chat.bsky.convo.listConvos', { limit: '100', kind: 'group' })
    return convos!.find(convo => convo.kind.name === name)
  }

  #join(convo: string, members: readonly TestAccount[]): void {
    for (const member of members) {
      const convos = this.#convos.get(member)!
      if (!convos.includes(convo)) convos.push(convo)
    }
  }
}
