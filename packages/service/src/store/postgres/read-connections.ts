import type { SqlValue } from '../sql/sql.ts'
import type { Address } from './address.ts'
import { Connection } from './connection.ts'
import { literalOf } from './literals.ts'

/** Connections that take several statements at once, opened when needed and replaced when they are gone. */
export class ReadConnections {
  readonly #address: Address
  readonly #slots: (Promise<Connection> | undefined)[]
  #next = 0

  constructor(address: Address, count: number) {
    this.#address = address
    this.#slots = Array.from({ length: count })
  }

  async ask<Row>(text: string, values: readonly SqlValue[]): Promise<Row[]> {
    this.#next = (this.#next + 1) % this.#slots.length
    const connection = await this.#open(this.#next)
    return connection.ask<Row>(text, values.map(literalOf))
  }

  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.#slots.splice(0))
    for (const result of opened) if (result.status === 'fulfilled') await result.value?.close()
  }

  async #open(slot: number): Promise<Connection> {
    const opening = this.#slots[slot]
    if (opening) {
      const connection = await opening.catch(() => undefined)
      if (connection?.isOpen) return connection
      if (this.#slots[slot] === opening) this.#slots[slot] = undefined
      void connection?.close()
    }
    this.#slots[slot] ??= Connection.open(this.#address)
    return this.#slots[slot]
  }
}
