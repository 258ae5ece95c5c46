import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Postgres } from '@parley/testing/postgres.ts'

/** Runs a file of statements by PostgreSQL's own client. */
export async function runSql({ url }: Postgres, path: string): Promise<void> {
  await promisify(execFile)('psql', ['-q', '-v', 'ON_ERROR_STOP=1', '-f', path, url])
}
