import { setTimeout as sleep } from 'node:timers/promises'
import type { FakeNetwork } from '../../src/fake-network/index.ts'
import type { Client, Message } from '../../src/index.ts'
import { isAs } from './page.ts'
import type { Step } from './scenario.ts'

const patienceMs = 15_000

export interface StageParts {
  net: FakeNetwork
  /** The snippet's own. */
  account: string
  /** Whether the snippet has printed all that it is to print. */
  isHeard: () => boolean
}

/** Where the others of a scenario do what it says of them. */
export class Stage {
  readonly #net: FakeNetwork
  readonly #account: string
  readonly #isHeard: () => boolean
  readonly #clients = new Map<string, Promise<Client>>()
  readonly #heard = new Set<string>()

  constructor({ net, account, isHeard }: StageParts) {
    this.#net = net
    this.#account = account
    this.#isHeard = isHeard
  }

  async playAll(steps: readonly Step[]): Promise<void> {
    for (const step of steps) await this.play(step)
  }

  async play({ who, verb, what }: Step): Promise<void> {
    const net = this.#net
    switch (verb) {
      case 'says':
        await (await this.#client(who)).dm.send(this.#account, what)
        return
      case 'hears':
        this.#heard.add((await this.#await(who, message => isAs(what, message.text))).id)
        return
      case 'reacts':
        await (await this.#await(who, () => true)).react(what)
        return
      case 'joins': {
        const group = await this.#group(what)
        await (await this.#client(who)).dm.join(group)
        return
      }
      case 'follows':
        return net.follow(who, what)
      case 'blocks':
        return net.block(who, what)
      case 'loses':
        return net.fault({ method: what, when: 'after', cut: true })
      case 'slows':
        return net.fault({ method: what, status: 429 })
      case 'is stopped': {
        const deadline = AbortSignal.timeout(patienceMs)
        while (!this.#isHeard() && !deadline.aborted) await sleep(20)
        if (!process.emit('SIGINT')) process.exit(0)
      }
    }
  }

  #client(handle: string): Promise<Client> {
    let client = this.#clients.get(handle)
    if (client === undefined) {
      client = this.#net.client(handle)
      this.#clients.set(handle, client)
    }
    return client
  }

  /** The newest message of the snippet's account that `who` has not heard yet, as soon as there is one. */
  async #await(who: string, isMeant: (message: Message) => boolean): Promise<Message> {
    const { dm } = await this.#client(who)
    const { did } = this.#net.user(this.#account)
    const deadline = AbortSignal.timeout(patienceMs)
    const others: string[] = []
    while (!deadline.aborted) {
      others.length = 0
      for await (const convo of dm.conversations()) {
        for await (const message of convo.messages()) {
          if (message.type !== 'message' || message.sender.did !== did) continue
          if (!this.#heard.has(message.id) && isMeant(message)) return message
          others.push(message.text)
        }
      }
      await sleep(20)
    }
    throw new Error(`${who} never heard it, but: ${JSON.stringify(others)}`)
  }

  /** The code of the join link of a group that is called `name`, as soon as there is one. */
  async #group(name: string): Promise<string> {
    const { dm } = await this.#client(this.#account)
    const deadline = AbortSignal.timeout(patienceMs)
    while (!deadline.aborted) {
      for await (const { group } of dm.conversations({ kind: 'group' }))
        if (group?.name === name && group.joinLink) return group.joinLink.code
      await sleep(20)
    }
    throw new Error(`there is no join link of a group called ${name}`)
  }
}
