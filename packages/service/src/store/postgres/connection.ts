import type { SqlValue } from '../sql/sql.ts'
import type { Address } from './address.ts'
import { ask, connect, type Driver } from './driver.ts'

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
  #isOpen = true

  private constructor(address: Address) {
    this.#driver = connect(address, { onClose: () => this.#lose() })
  }

  static async open(address: Address): Promise<Connection> {
    const connection = new Connection(address)
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

  async ask<Row>(text: string, values: readonly SqlValue[]): Promise<Row[]> {
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

  #lose(): void {
    this.#isOpen = false
    for (const reject of this.#waiting) reject(new ConnectionLost('the connection was closed'))
  }
}
