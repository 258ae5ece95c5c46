/** Loaded before the service: carries SQLite's log over every few commits, so that kills meet it while it does. */

import { DatabaseSync } from 'node:sqlite'

const pages = 40
const { exec } = DatabaseSync.prototype

DatabaseSync.prototype.exec = function (sql: string): void {
  exec.call(this, sql.replace(/^(pragma wal_autocheckpoint = )[\d.]+$/, `$1${pages}`))
}
