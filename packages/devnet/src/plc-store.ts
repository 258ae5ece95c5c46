import { DatabaseSync } from 'node:sqlite'
import { MockDatabase } from '@did-plc/server'
import { FolderInUseError } from './errors.ts'

type Operation = Parameters<MockDatabase['validateAndAddOp']>[1]

interface Row {
  did: string
  operation: string
  createdAt: string
}

/**
 * The PLC directory's operations: in memory, as its server keeps them without PostgreSQL, and in a file, so that a
 * kept data folder keeps its accounts. The file is held exclusively and so guards the whole folder.
 */
export class PlcStore extends MockDatabase {
  private readonly file: DatabaseSync

  /** Throws FolderInUseError. */
  static async open(path: string): Promise<PlcStore> {
    const store = new PlcStore(openExclusively(path))
    await store.replay()
    return store
  }

  private constructor(file: DatabaseSync) {
    super()
    this.file = file
  }

  dids(): string[] {
    return Object.keys(this.contents)
  }

  override async validateAndAddOp(did: string, proposed: Operation): Promise<void> {
    await super.validateAndAddOp(did, proposed)
    this.file
      .prepare('INSERT INTO operations (did, operation, createdAt) VALUES (?, ?, ?)')
      .run(did, JSON.stringify(proposed), this.contents[did]!.at(-1)!.createdAt.toISOString())
  }

  override async close(): Promise<void> {
    if (this.file.isOpen) this.file.close()
  }

  /** Adds what the file holds, checked again. The times matter: a recovery is only valid for 72 hours. */
  private async replay(): Promise<void> {
    const rows = this.file
      .prepare('SELECT did, operation, createdAt FROM operations ORDER BY id')
      .all() as unknown as Row[]
    for (const row of rows) {
      await super.validateAndAddOp(row.did, JSON.parse(row.operation) as Operation)
      this.contents[row.did]!.at(-1)!.createdAt = new Date(row.createdAt)
    }
  }
}

function openExclusively(path: string): DatabaseSync {
  const file = new DatabaseSync(path)
  try {
    file.exec('PRAGMA locking_mode = EXCLUSIVE')
    file.exec('BEGIN EXCLUSIVE')
    file.exec(
      'CREATE TABLE IF NOT EXISTS operations (id INTEGER PRIMARY KEY, did TEXT, operation TEXT, createdAt TEXT)',
    )
    file.exec('COMMIT')
    return file
  } catch (cause) {
    file.close()
    if ((cause as { errcode?: number }).errcode === sqliteBusy) throw new FolderInUseError({ cause })
    throw cause
  }
}

const sqliteBusy = 5
