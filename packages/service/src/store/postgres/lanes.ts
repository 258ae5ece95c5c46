import type { Address } from './address.ts'
import { CommitConnection } from './commit-connection.ts'

/** Connections for commits, opened when needed and kept. */
export class Lanes {
  readonly #address: Address
  readonly #idle: CommitConnection[] = []

  constructor(address: Address) {
    this.#address = address
  }

  /** Runs with a connection that nobody else has meanwhile. */
  async use<T>(run: (connection: CommitConnection) => Promise<T>): Promise<T> {
    const connection = this.#takeIdle() ?? (await CommitConnection.open(this.#address))
    try {
      return await run(connection)
    } finally {
      if (connection.isOpen) this.#idle.push(connection)
      else await connection.close()
    }
  }

  /** Once no commit is under way. */
  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map(connection => connection.close()))
  }

  #takeIdle(): CommitConnection | undefined {
    for (;;) {
      const connection = this.#idle.pop()
      if (!connection || connection.isOpen) return connection
      void connection.close()
    }
  }
}
