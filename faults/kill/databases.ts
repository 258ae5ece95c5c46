import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Postgres, startPostgres } from '@parley/testing/postgres.ts'

/** A database of its own for one run. */
export interface RunDatabase extends AsyncDisposable {
  /** As PARLEY_DATABASE names it. */
  address: string
  /** What befalls the database's own server in this round, instead of the service; false where nothing does. */
  disturb?: (round: number) => Promise<boolean>
}

export async function startDatabase(engine: string): Promise<RunDatabase> {
  if (engine === 'sqlite') return sqlite()
  if (engine === 'postgres') return postgres()
  throw new Error(`There is no engine ${engine}: say sqlite or postgres`)
}

function sqlite(): RunDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'parley-kill-database-'))
  return {
    address: join(folder, 'chat.sqlite'),
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true }),
  }
}

/** With a disk that commits wait for. In every third round the server has the trouble, not the service. */
async function postgres(): Promise<RunDatabase> {
  const server = await startPostgres({ fsync: true })
  return {
    address: await server.createDatabase(),
    async disturb(round) {
      if (round % 6 === 2) return killBackend(server)
      if (round % 6 !== 5) return false
      // What was committed is in its log, and nothing else was written down.
      await server.stop('SIGQUIT')
      await server.start()
      return true
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

/** One process of the server that serves a connection of ours; the server then throws out all and recovers. */
function killBackend({ pid }: Postgres): boolean {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
  const ours = children.find(child => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes(' test_'))
  if (ours === undefined) return false
  process.kill(Number(ours), 'SIGKILL')
  return true
}
