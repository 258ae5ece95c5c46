import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { Engine } from '../../packages/service/src/store/engine.ts'
import { openDatabase } from '../../packages/service/src/store/sqlite/open-database.ts'
import { SqliteEngine } from '../../packages/service/src/store/sqlite/sqlite-engine.ts'
import type { Dice } from '../dice.ts'
import type { CrashWindow, Database } from './database.ts'
import { carryOverPages, copyFiles, readFiles, removeFiles, torn, writeFiles } from './sqlite-files.ts'

/** So few that larger commits spill into the log before they are done. */
const cachedPages = 12

/**
 * SQLite on real files. A crash leaves a copy of the files as they were at that instant, and the next process opens
 * the copy.
 */
export class SqliteDatabase implements Database {
  readonly processesMax = 1
  readonly #folder = mkdtempSync(join(tmpdir(), 'parley-sim-'))
  #opened = 0
  #connection: DatabaseSync | undefined
  #atCommit = () => {}

  async open(): Promise<Engine> {
    const db = openDatabase(this.path)
    db.exec(`pragma wal_autocheckpoint = ${carryOverPages}`)
    db.exec(`pragma cache_size = ${cachedPages}`)
    this.#connection = db
    onCommit(db, () => this.#atCommit())
    return new SqliteEngine(db)
  }

  async crashIn(window: CrashWindow, commit: () => Promise<void>, dice: Dice): Promise<void> {
    const before = readFiles(this.path)
    this.#atCommit = () => {
      if (window === 'before the commit') copyFiles(this.path, this.#nextPath)
    }
    try {
      await commit()
    } finally {
      this.#atCommit = () => {}
    }
    if (window === 'while it is written') {
      writeFiles(this.#nextPath, torn(before, readFiles(this.path), dice))
    }
    // Also where there was nothing to commit after all.
    if (!existsSync(this.#nextPath)) copyFiles(this.path, this.#nextPath)
    this.#moveOn()
  }

  async crash(): Promise<void> {
    copyFiles(this.path, this.#nextPath)
    this.#moveOn()
  }

  close(): void {
    this.#connection?.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #moveOn(): void {
    this.#connection?.close()
    this.#connection = undefined
    removeFiles(this.path)
    this.#opened += 1
  }

  /** Of the files that the next process finds. */
  get path(): string {
    return join(this.#folder, `${this.#opened}.sqlite`)
  }

  get #nextPath(): string {
    return join(this.#folder, `${this.#opened + 1}.sqlite`)
  }
}

/** Everything of a transaction has been handed to SQLite when it is told to commit. */
function onCommit(db: DatabaseSync, act: () => void): void {
  const prepare = db.prepare.bind(db)
  db.prepare = sql => {
    const statement = prepare(sql)
    if (sql !== 'commit') return statement
    const run = statement.run.bind(statement)
    statement.run = () => {
      act()
      return run()
    }
    return statement
  }
}
