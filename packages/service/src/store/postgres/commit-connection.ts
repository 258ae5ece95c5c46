import type { Address } from './address.ts'
import { ask, connect, type Driver } from './driver.ts'
import type { Flight, Statement } from './flight.ts'

/** The connection went away. What it carries belongs to one transaction, so it is never opened again. */
export class ConnectionLost extends Error {
  readonly code = 'CONNECTION_LOST'
}

/** One connection for one commit at a time, from `begin` to `commit`. */
export class CommitConnection {
  readonly #driver: Driver
  /** Texts that the server has prepared: only those can be sent without waiting for the ones before. */
  readonly #prepared = new Set<string>()
  #isOpen = true

  private constructor(address: Address) {
    this.#driver = connect(address, {
      max: 1,
      onClose: () => {
        this.#isOpen = false
      },
    })
  }

  static async open(address: Address): Promise<CommitConnection> {
    const connection = new CommitConnection(address)
    try {
      await ask(connection.#driver, 'select 1', [])
    } catch (error) {
      await connection.close()
      throw error
    }
    return connection
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Fills in the answers. Throws what the first statement that failed did, once all have landed. */
  async send({ statements }: Flight): Promise<void> {
    if (statements.every(({ text }) => this.#prepared.has(text))) await this.#sendAtOnce(statements)
    else await this.#sendOneByOne(statements)
  }

  async close(): Promise<void> {
    this.#isOpen = false
    await this.#driver.end({ timeout: 0 }).catch(() => {})
  }

  async #sendAtOnce(statements: readonly Statement[]): Promise<void> {
    if (!this.#isOpen) throw new ConnectionLost('the connection was closed')
    const results = await Promise.allSettled(statements.map(statement => this.#ask(statement)))
    const failed = results.find(result => result.status === 'rejected')
    if (failed) throw failed.reason
  }

  async #sendOneByOne(statements: readonly Statement[]): Promise<void> {
    for (const statement of statements) {
      if (!this.#isOpen) throw new ConnectionLost('the connection was closed')
      await this.#ask(statement)
      this.#prepared.add(statement.text)
    }
  }

  async #ask({ text, values, answer }: Statement): Promise<void> {
    answer.rows = await ask(this.#driver, text, values)
  }
}
