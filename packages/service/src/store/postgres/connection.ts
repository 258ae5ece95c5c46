import type { Address } from './address.ts'
import { ask, connect, type Driver, statementTimeoutMs } from './driver.ts'
import type { Literal } from './literals.ts'

/** The server itself ends a statement before: where no answer comes for so long, nobody is there any more. */
const answerTimeoutMs = statementTimeoutMs + 5_000

/** The connection went away. */
export class ConnectionLost extends Error {
  readonly code = 'CONNECTION_LOST'
}

/**
 * One connection, which is never opened again once it is gone: what is asked on it then fails, and so does what waits
 * for an answer. The driver would go on with the next connection, in the middle of a transaction, and it forgets what is
 * asked between a socket's error and its end.
 */
export class Connection {
  readonly #driver: Driver
  /** Ends the wait of each statement that has no answer yet. */
  readonly #waiting = new Set<(error: Error) => void>()
  /** The first of them, which the server is at work on, when it was last looked for. */
  #waitingLongest: ((error: Error) => void) | undefined
  readonly #watch: NodeJS.Timeout
  #isOpen = true

  private constructor(address: Address, timeoutMs: number) {
    this.#driver = connect(address, { onClose: () => this.#lose() })
    this.#watch = setInterval(() => this.#requireAnswers(), timeoutMs).unref()
  }

  static async open(address: Address, timeoutMs = answerTimeoutMs): Promise<Connection> {
    const connection = new Connection(address, timeoutMs)
    try {
      await connection.ask('select 1', [])
      return connection
    } catch (error) {
      await connection.close()
      throw error
    }
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  async ask<Row>(text: string, values: readonly Literal[]): Promise<Row[]> {
    if (!this.#isOpen) throw new ConnectionLost('the connection is closed')
    const { promise, resolve, reject } = Promise.withResolvers<Row[]>()
    this.#waiting.add(reject)
    ask<Row>(this.#driver, text, values).then(resolve, reject)
    try {
      return await promise
    } finally {
      this.#waiting.delete(reject)
    }
  }

  async close(): Promise<void> {
    this.#lose()
    await this.#driver.end({ timeout: 0 }).catch(() => {})
  }

  /** A machine that is gone, or a network, does not say so: the system would wait for a quarter of an hour. */
  #requireAnswers(): void {
    const [longest] = this.#waiting
    if (longest && longest === this.#waitingLongest) void this.close()
    this.#waitingLongest = longest
  }

  #lose(): void {
    this.#isOpen = false
    clearInterval(this.#watch)
    for (const reject of this.#waiting) reject(new ConnectionLost('the connection was closed'))
  }
}
