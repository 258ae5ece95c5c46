import { getOrMake } from '../../get-or-make.ts'
import type { Dialect, Sql, SqlValue } from '../sql/sql.ts'
import type { Statements } from './statements.ts'

export const dialect: Dialect = {
  among: (column, list) => `${column} in (select value from json_each(${list}))`,
  amongPairs: (columns, firsts, seconds) =>
    `(${columns}) in (
       select value, json_extract(${seconds}, '$[' || key || ']') from json_each(${firsts}))`,
  isHidden: ({ convo, id }, account) =>
    `exists (select 1 from hidden_message
       where hidden_message.account = ${account} and hidden_message.convo = ${convo}
         and hidden_message.message = ${id})`,
  unreadMember: 'member indexed by member_unread',
}

/** What both engines ask, answered at once. */
export class SqliteSql implements Sql {
  readonly dialect = dialect
  readonly #statements: Statements
  /** As SQLite wants the texts. */
  readonly #texts = new Map<string, string>()

  constructor(statements: Statements) {
    this.#statements = statements
  }

  async all<Row>(text: string, values: readonly SqlValue[]): Promise<Row[]> {
    const bound = values.map(value =>
      typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
    )
    const own = getOrMake(this.#texts, text, () => text.replace(/\$(?=\d)/g, '?'))
    return this.#statements.all<Row>(own, ...bound)
  }
}
