import { setTimeout as pause } from 'node:timers/promises'
import type { TestAccount } from '@parley/testing/account.ts'
import { RawConnection, requestText } from '@parley/testing/raw-connection.ts'
import type { Answer, HistoryFile, Invoke } from '../checker/history.ts'
import { passingRefusals } from '../checker/invariants/named-refusals.ts'
import { type CallOutput, readAnswer } from './read-answer.ts'
import type { Server } from './server.ts'

/** What a call is in the history, and how it is put to the service. */
export interface Request {
  what: Omit<Invoke, 'kind' | 'call' | 'atMs' | 'account' | 'server'>
  nsid: string
  params?: Record<string, string>
  input?: object
}

const hourSec = 60 * 60

/** The history says so too, where the checker finds it. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
}

/** One account on one connection to one process, one call at a time, each of them in the history. */
export class Client {
  readonly account: TestAccount
  readonly #server: Server
  readonly #history: HistoryFile
  readonly #tokens = new Map<string, string>()
  #connection: RawConnection | undefined

  constructor(account: TestAccount, server: Server, history: HistoryFile) {
    this.account = account
    this.#server = server
    this.#history = history
  }

  /**
   * Asks again until there is an answer of 200, through whatever becomes of the service meanwhile.
   * Throws RefusedError where the reason is none that passes.
   */
  async call(request: Request): Promise<Answer> {
    for (;;) {
      await this.#server.up
      const answer = await this.attempt(request)
      if (answer !== undefined) return answer
      await pause(retryMs)
    }
  }

  /** Asks once; `undefined` where there was no answer, or none of 200. */
  async attempt(request: Request): Promise<Answer | undefined> {
    const { what } = request
    if (!(await this.#connect())) return undefined
    const call = this.#history.invoke({ ...what, account: this.account.did, server: this.#server.number })
    const result = await this.#put(request)
    if (!result) this.#history.settle(call, { kind: 'unknown' })
    else if (result.status !== 200) {
      const error = result.output.error ?? String(result.status)
      this.#history.settle(call, { kind: 'refused', error })
      if (!passingRefusals.includes(error)) throw new RefusedError(`${what.op} was refused with ${error}`)
    } else {
      const answer = readAnswer(what.op, result.output)
      this.#history.settle(call, { kind: 'ok', answer })
      return answer
    }
    return undefined
  }

  /** Asks, past the history, until there is an answer of 200. */
  async ask(nsid: string, params: Record<string, string>): Promise<CallOutput> {
    for (;;) {
      await this.#server.up
      const result = await this.#put({ nsid, params })
      if (result?.status === 200) return result.output
      await pause(retryMs)
    }
  }

  close(): void {
    this.#connection?.close()
    this.#connection = undefined
  }

  /** `undefined` where the connection broke. */
  async #put({ nsid, params, input }: Omit<Request, 'what'>) {
    try {
      const connection = await this.#connect()
      const text = requestText({
        nsid,
        token: this.#token(nsid),
        ...(params && { params }),
        ...(input && { input }),
      })
      const { status, body } = await connection!.send(text)
      return { status, output: JSON.parse(body) as CallOutput & { error?: string } }
    } catch {
      this.close()
      return undefined
    }
  }

  async #connect(): Promise<RawConnection | undefined> {
    this.#connection ??= await RawConnection.open(this.#server.port).catch(() => undefined)
    return this.#connection
  }

  #token(lxm: string): string {
    let token = this.#tokens.get(lxm)
    if (token === undefined) {
      const now = Math.floor(Date.now() / 1000)
      token = this.account.token({ aud: this.#server.did, lxm, now, lifetimeSec: hourSec })
      this.#tokens.set(lxm, token)
    }
    return token
  }
}

/** A service that has just been killed is not there for a while, and one that refuses wants to be left alone. */
const retryMs = 5
