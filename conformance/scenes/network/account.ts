import type { AtpAgent } from '@atproto/api'
import { poll } from '../../poll.ts'
import { type Call, type Methods, methodsBy } from '../methods.ts'
import type { Account, Declaration } from '../script.ts'
import { callAs, readExport, type Service } from './service.ts'

type Follow = 'app.bsky.graph.follow'
type Block = 'app.bsky.graph.block'

/** An account on a PDS. What it does there resolves when the chat service has seen it. */
export class NetworkAccount implements Account {
  readonly did: string
  readonly call: Call
  readonly readExport: () => Promise<string>
  readonly chat: Methods
  readonly #agent: AtpAgent
  readonly #witness: NetworkAccount | undefined
  /** URIs of its follows and blocks, by `<collection> <did>`. */
  readonly #records = new Map<string, string>()
  #declared: Declaration = { allowIncoming: 'all' }
  #active = true

  constructor(agent: AtpAgent, service: Service, witness?: NetworkAccount) {
    this.#agent = agent
    this.did = agent.assertDid
    this.call = callAs(agent, service)
    this.readExport = () => readExport(agent, service)
    this.chat = methodsBy(this.call)
    this.#witness = witness
  }

  /** Lets everybody write to it; resolves when the service has heard of it. */
  async settleIn(): Promise<void> {
    await this.#putDeclaration({ allowIncoming: 'all' })
    if (this.#witness) await this.#isReachable(true)
  }

  async follow(other: { did: string }): Promise<void> {
    await this.#create('app.bsky.graph.follow', other.did)
    await this.#seen()
  }

  async block(other: { did: string }): Promise<void> {
    await this.#create('app.bsky.graph.block', other.did)
    await this.#seen()
  }

  async unblock(other: { did: string }): Promise<void> {
    await this.#remove(`app.bsky.graph.block ${other.did}`)
    await this.#seen()
  }

  async declare(declaration: Declaration): Promise<void> {
    await this.#putDeclaration(declaration)
    await this.#seen()
  }

  /** Only while it accepts messages from everybody, by which it is told whether the service knows. */
  async deactivate(): Promise<void> {
    if (this.#records.has(this.#blockOfWitness)) await this.#seen()
    await this.#agent.com.atproto.server.deactivateAccount({})
    this.#active = false
    await this.#isReachable(false)
  }

  async activate(): Promise<void> {
    await this.#agent.com.atproto.server.activateAccount()
    this.#active = true
    await this.#isReachable(true)
  }

  /** Takes back all that a scene made it do on its PDS. */
  async forget(): Promise<void> {
    if (!this.#active) await this.activate()
    const before = this.#records.size
    const kept = this.#blockOfWitness
    for (const key of this.#records.keys()) if (key !== kept) await this.#remove(key)
    const declared = this.#declared.allowIncoming !== 'all' || this.#declared.allowGroupInvites !== undefined
    if (declared) await this.#putDeclaration({ allowIncoming: 'all' })
    if (declared || this.#records.size < before) await this.#seen()
  }

  get #blockOfWitness(): string {
    return `app.bsky.graph.block ${this.#witness!.did}`
  }

  /**
   * Services hear of the changes of a repository in their order: this one makes another that can be told from the
   * answers, a block of the witness or its end, and waits until the service tells of that.
   */
  async #seen(): Promise<void> {
    const witness = this.#witness!
    const blocked = this.#records.has(this.#blockOfWitness)
    if (blocked) await this.#remove(this.#blockOfWitness)
    else await this.#create('app.bsky.graph.block', witness.did)
    await poll('the service hears what an account did', async () => {
      const { canChat } = await this.chat.getConvoAvailability({ members: [witness.did] })
      return canChat === blocked || undefined
    })
  }

  async #isReachable(expected: boolean): Promise<void> {
    await poll('the service hears of an account', async () => {
      const { canChat } = await this.#witness!.chat.getConvoAvailability({ members: [this.did] })
      return canChat === expected || undefined
    })
  }

  async #create(collection: Follow | Block, subject: string): Promise<void> {
    const record = { $type: collection, subject, createdAt: new Date().toISOString() }
    const { data } = await this.#agent.com.atproto.repo.createRecord({ repo: this.did, collection, record })
    this.#records.set(`${collection} ${subject}`, data.uri)
  }

  async #remove(key: string): Promise<void> {
    const uri = this.#records.get(key)
    const [collection, rkey] = uri?.split('/').slice(-2) ?? []
    if (!collection || !rkey) throw new Error(`there is no ${key} to take back`)
    await this.#agent.com.atproto.repo.deleteRecord({ repo: this.did, collection, rkey })
    this.#records.delete(key)
  }

  async #putDeclaration(declaration: Declaration): Promise<void> {
    const collection = 'chat.bsky.actor.declaration'
    const record = { $type: collection, ...declaration }
    await this.#agent.com.atproto.repo.putRecord({ repo: this.did, collection, rkey: 'self', record })
    this.#declared = declaration
  }
}
