import type { Dialect, Sql, SqlValue } from '../sql/sql.ts'
import { unavailable } from './failures.ts'
import type { ReadConnections } from './read-connections.ts'

const dialect: Dialect = {
  among: (column, list) => `${column} = any(${list})`,
  amongPairs: (columns, firsts, seconds) =>
    `(${columns}) in (select * from unnest(${firsts}::bigint[], ${seconds}::bigint[]))`,
  isHidden: ({ convo, id }, account) =>
    `exists (select 1 from hidden_message
       where hidden_message.account = ${account} and hidden_message.convo = ${convo}
         and hidden_message.message = ${id})`,
  unreadMember: 'member',
}

/** What both engines ask, on one of several connections. Statements that are asked together travel together. */
export class PostgresSql implements Sql {
  readonly dialect = dialect
  readonly #connections: ReadConnections

  constructor(connections: ReadConnections) {
    this.#connections = connections
  }

  async all<Row>(text: string, values: readonly SqlValue[]): Promise<Row[]> {
    try {
      return await this.#connections.ask<Row>(text, values)
    } catch (error) {
      throw unavailable(error, 'The database does not answer; try again in a moment')
    }
  }
}
