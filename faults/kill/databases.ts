import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A database of its own for one run. */
export interface RunDatabase extends AsyncDisposable {
  /** As PARLEY_DATABASE names it. */
  address: string
  /** What may befall the database's own server in a round. */
  disturb?: ((round: number) => Promise<void>) | undefined
}

export async function startDatabase(engine: string): Promise<RunDatabase> {
  if (engine !== 'sqlite') throw new Error(`There is no engine ${engine}: say sqlite`)
  const folder = mkdtempSync(join(tmpdir(), 'parley-kill-database-'))
  return {
    address: join(folder, 'chat.sqlite'),
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true }),
  }
}
