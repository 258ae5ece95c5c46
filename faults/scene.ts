import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestAccount } from '@parley/testing/account.ts'
import { startNetwork, type TestNetwork } from '@parley/testing/network.ts'
import { ServiceProcess } from '@parley/testing/service-process.ts'

export interface Reply {
  status: number
  /** Of a refusal `error` and `message`. */
  body: Record<string, unknown> & { error?: string; message?: string }
}

export interface Ask {
  params?: Record<string, string>
  input?: object
  /** Seconds since the epoch by the caller's clock. Default: as this process has them. */
  now?: number
  signal?: AbortSignal
}

export interface SceneOptions {
  /** Default 2. */
  accounts?: number
  /** Default: a file in a folder of its own. */
  database?: string
  settings?: Record<string, string>
  nodeOptions?: readonly string[]
  /** What the service runs within, as ServiceProcess takes it. */
  within?: readonly string[]
}

/** A network, the service as a process, and two accounts with a direct convo in which a first message stands. */
export class Scene implements AsyncDisposable {
  readonly network: TestNetwork
  readonly service: ServiceProcess
  readonly alice: TestAccount
  readonly bob: TestAccount
  readonly database: string
  convo = ''
  readonly #held: AsyncDisposableStack

  static async open(options: SceneOptions = {}): Promise<Scene> {
    await using opened = new AsyncDisposableStack()
    const network = opened.use(await startNetwork(options.accounts ?? 2))
    const database = options.database ?? join(tempFolder(opened), 'chat.sqlite')
    const { settings = {}, nodeOptions = [], within = [] } = options
    const service = opened.use(
      await ServiceProcess.start({ network, database, settings, nodeOptions, within, log: 'keep' }),
    )
    const scene = new Scene({ network, service, database, held: opened.move() })
    scene.convo = await scene.openConvo(scene.alice, scene.bob)
    return scene
  }

  private constructor(given: {
    network: TestNetwork
    service: ServiceProcess
    database: string
    held: AsyncDisposableStack
  }) {
    this.network = given.network
    this.service = given.service
    this.database = given.database
    const [alice, bob] = given.network.accounts
    this.alice = alice!
    this.bob = bob!
    this.#held = given.held
  }

  async call(account: TestAccount, nsid: string, { params, input, now, signal }: Ask = {}): Promise<Reply> {
    const { did: aud, port } = this.service
    const token = account.token({
      aud,
      lxm: nsid,
      now: now ?? Math.floor(Date.now() / 1000),
      lifetimeSec: 60,
    })
    const url = `http://127.0.0.1:${port}/xrpc/${nsid}?${new URLSearchParams(params)}`
    const headers = { authorization: `Bearer ${token}` }
    const post = { method: 'POST', body: JSON.stringify(input) }
    const answer = await fetch(url, {
      ...(signal && { signal }),
      ...(input ? { ...post, headers: { ...headers, 'content-type': 'application/json' } } : { headers }),
    })
    return { status: answer.status, body: (await answer.json()) as Reply['body'] }
  }

  /** Throws where the answer is not 200. */
  async must(account: TestAccount, nsid: string, ask: Ask = {}): Promise<Reply['body']> {
    const { status, body } = await this.call(account, nsid, ask)
    if (status !== 200) throw new Error(`${nsid} was refused (${status}): ${body.error}: ${body.message}`)
    return body
  }

  send(
    account: TestAccount,
    text: string,
    more: { convoId?: string; idempotencyKey?: string } = {},
    ask: Ask = {},
  ): Promise<Reply> {
    const input = { convoId: this.convo, message: { text }, ...more }
    return this.call(account, 'chat.bsky.convo.sendMessage', { ...ask, input })
  }

  /** Its messages, newest first, at most 100. */
  async texts(account: TestAccount): Promise<string[]> {
    const params = { convoId: this.convo, limit: '100' }
    const { messages } = await this.must(account, 'chat.bsky.convo.getMessages', { params })
    return (messages as { text: string }[]).map(({ text }) => text)
  }

  /** A direct convo with a first message in it. */
  async openConvo(from: TestAccount, to: TestAccount): Promise<string> {
    const params = { members: to.did }
    const { convo } = await this.must(from, 'chat.bsky.convo.getConvoForMembers', { params })
    const { id } = convo as { id: string }
    const input = { convoId: id, message: { text: 'first' } }
    await this.must(from, 'chat.bsky.convo.sendMessage', { input })
    return id
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#held.disposeAsync()
  }
}

/** A folder that goes with `held`. */
export function tempFolder(held: AsyncDisposableStack): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-faults-'))
  held.defer(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
