import type { DatabaseSync } from 'node:sqlite'
import type { Changes, Engine, Loaded } from '../engine.ts'
import type { Scope } from '../scope.ts'
import { SqlReader } from '../sql/sql-reader.ts'
import { SqliteAccounts } from './accounts.ts'
import { nameFailure } from './failures.ts'
import { loadScope } from './load.ts'
import { SqliteSql } from './sqlite-sql.ts'
import { Statements } from './statements.ts'
import { writeChanges } from './write.ts'

/** SQLite by way of node:sqlite, whose calls are synchronous: a commit is never seen half done. */
export class SqliteEngine extends SqlReader implements Engine {
  readonly commitsUnderWay = 1
  readonly #db: DatabaseSync
  readonly #sql: Statements
  readonly #accounts: SqliteAccounts
  readonly #file: Disposable | undefined

  /** `db` as openDatabase() gives it; `file`, as ownFile() does, is let go of when it is closed. */
  constructor(db: DatabaseSync, file?: Disposable) {
    const sql = new Statements(db)
    const accounts = new SqliteAccounts(sql)
    super(new SqliteSql(sql), accounts)
    this.#db = db
    this.#sql = sql
    this.#accounts = accounts
    this.#file = file
  }

  async commit(scope: Required<Scope>, run: (loaded: Loaded) => Changes): Promise<void> {
    try {
      this.#sql.run('begin immediate')
      writeChanges(this.#sql, this.#accounts, run(loadScope(this.#sql, this.#accounts, scope)))
      this.#sql.run('commit')
    } catch (error) {
      if (this.#db.isTransaction) this.#sql.run('rollback')
      this.#accounts.forget()
      throw nameFailure(error, 'The database did not take the change; nothing was stored')
    }
  }

  async close(): Promise<void> {
    this.#db.close()
    this.#file?.[Symbol.dispose]()
  }
}
