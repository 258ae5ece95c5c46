import type { Did } from '@atcute/lexicons/syntax'
import type { TestAccount } from '@parley/testing/account.ts'
import { WebSocket } from 'ws'
import { parseTid } from '../../packages/service/src/tid.ts'

const nsid = 'chat.parley.convo.subscribeLog'

/** More at once would be refused by the listener's queue. */
const openedAtOnce = 100

interface Service {
  port: number
  audience: Did
}

/** Live streams of accounts, and how long each message was on its way. */
export class Streams {
  readonly #sockets: WebSocket[] = []
  readonly #latenciesMs: number[] = []
  #measuredFromMs = 0
  /** Messages that came, measured or not. */
  messages = 0
  frames = 0

  async open(service: Service, accounts: readonly TestAccount[]): Promise<void> {
    for (let first = 0; first < accounts.length; first += openedAtOnce)
      await Promise.all(
        accounts.slice(first, first + openedAtOnce).map(account => this.#openOne(service, account)),
      )
  }

  /** Messages from before this moment do not count. */
  measureFrom(epochMs: number): void {
    this.#measuredFromMs = epochMs
  }

  get latenciesMs(): Float64Array {
    return Float64Array.from(this.#latenciesMs)
  }

  close(): void {
    for (const socket of this.#sockets) socket.terminate()
  }

  /** Open once it has said where it begins. */
  #openOne({ port, audience }: Service, account: TestAccount): Promise<void> {
    const now = Math.floor(Date.now() / 1000)
    const token = account.token({ aud: audience, lxm: 'chat.bsky.convo.getLog', now })
    const socket = new WebSocket(`ws://127.0.0.1:${port}/xrpc/${nsid}`, ['xrpc.v0.json', `bearer.${token}`], {
      perMessageDeflate: false,
    })
    this.#sockets.push(socket)
    return new Promise((resolve, reject) => {
      socket.once('error', reject)
      socket.once('message', () => {
        resolve()
        socket.on('message', (data: Buffer) => this.#hear(data))
      })
    })
  }

  #hear(data: Buffer): void {
    const nowMs = performance.timeOrigin + performance.now()
    const { logs } = JSON.parse(data.toString()) as { logs: { $type: string; rev: string }[] }
    if (logs.length > 0) this.frames += 1
    for (const { $type, rev } of logs) {
      if (!$type.endsWith('#logCreateMessage')) continue
      this.messages += 1
      const committedMs = parseTid(rev)! / 1000
      if (committedMs >= this.#measuredFromMs) this.#latenciesMs.push(nowMs - committedMs)
    }
  }
}
