import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { getOrMake } from '../../get-or-make.ts'
import { nameFailure } from './failures.ts'

const unreadable = 'The database cannot be read; try again later'

/** One prepared statement per SQL text. What fails in reading has a name; of what fails in a change the engine tells. */
export class Statements {
  readonly #db: DatabaseSync
  readonly #prepared = new Map<string, StatementSync>()

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  get<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined {
    try {
      return this.#prepare(sql).get(...values) as Row | undefined
    } catch (error) {
      throw nameFailure(error, unreadable)
    }
  }

  all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    try {
      return this.#prepare(sql).all(...values) as Row[]
    } catch (error) {
      throw nameFailure(error, unreadable)
    }
  }

  /** The number of rows that it changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes)
  }

  #prepare(sql: string): StatementSync {
    return getOrMake(this.#prepared, sql, () => this.#db.prepare(sql))
  }
}
