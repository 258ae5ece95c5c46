import type { Address } from './address.ts'
import { Connection } from './connection.ts'
import type { Flight, Statement } from './flight.ts'

/** A connection for one commit at a time, from `begin` to `commit`. */
export class CommitConnection {
  readonly #connection: Connection
  /** Texts that the server has prepared: only those can be sent without waiting for the ones before. */
  readonly #prepared = new Set<string>()

  private constructor(connection: Connection) {
    this.#connection = connection
  }

  static async open(address: Address): Promise<CommitConnection> {
    return new CommitConnection(await Connection.open(address))
  }

  get isOpen(): boolean {
    return this.#connection.isOpen
  }

  /** Fills in the answers. Throws what the first statement that failed did, once all have landed. */
  async send({ statements }: Flight): Promise<void> {
    if (statements.every(({ text }) => this.#prepared.has(text))) await this.#sendAtOnce(statements)
    else await this.#sendOneByOne(statements)
  }

  close(): Promise<void> {
    return this.#connection.close()
  }

  async #sendAtOnce(statements: readonly Statement[]): Promise<void> {
    const results = await Promise.allSettled(statements.map(statement => this.#ask(statement)))
    const failed = results.find(result => result.status === 'rejected')
    if (failed) throw failed.reason
  }

  async #sendOneByOne(statements: readonly Statement[]): Promise<void> {
    for (const statement of statements) {
      await this.#ask(statement)
      this.#prepared.add(statement.text)
    }
  }

  async #ask({ text, values, answer }: Statement): Promise<void> {
    answer.rows = await this.#connection.ask(text, values)
  }
}
