import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync } from 'node:fs'
import { chown, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { runProgram } from '../run-program.ts'

/** A PostgreSQL server of its own, gone without a trace when it is disposed of or this process has ended. */
export interface Postgres extends AsyncDisposable {
  url: string
}

/** A socket's name ends with it; nothing listens on a port. */
const socketNumber = 5432

/** An account of this machine, for a child process. */
interface Identity {
  uid?: number
  gid?: number
}

/**
 * Starts the PostgreSQL of this machine on an empty folder. It listens on a socket in that folder and nowhere else:
 * nobody but its owner gets in, so it asks for no password. Throws, saying what to install, where there is none.
 */
export async function startPostgres(): Promise<Postgres> {
  const programs = findPrograms()
  const identity = await unprivileged()
  const folder = await mkdtemp(join(tmpdir(), 'parley-postgres-'))
  if (identity.uid !== undefined) await chown(folder, identity.uid, identity.gid!)
  const sweeper = startSweeper(programs, folder, identity)
  try {
    await initialize(join(programs, 'initdb'), folder, identity)
    await start(join(programs, 'postgres'), folder, identity)
    return {
      url: `postgresql://ozone@${encodeURIComponent(folder)}:${socketNumber}/postgres`,
      [Symbol.asyncDispose]: () => sweep(sweeper),
    }
  } catch (error) {
    await sweep(sweeper)
    throw error
  }
}

/** Debian keeps the server's programs off the PATH, in a folder for each version; others have them on it. */
function findPrograms(): string {
  const newestFirst = globSync('/usr/lib/postgresql/*/bin').sort(byVersion).reverse()
  const folders = [...newestFirst, ...(process.env.PATH ?? '').split(':')]
  const found = folders.find(folder =>
    ['initdb', 'pg_ctl', 'postgres'].every(name => existsSync(join(folder, name))),
  )
  if (found !== undefined) return found
  throw new Error('There is no PostgreSQL server here, which Ozone needs: `apt-get install -y postgresql`.')
}

function byVersion(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}

/** PostgreSQL refuses to run as root; its package brings an account for it. */
async function unprivileged(): Promise<Identity> {
  if (process.getuid?.() !== 0) return {}
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async kind => {
      const { code, stdout } = await runProgram({ command: 'id', args: [kind, 'postgres'] })
      if (code !== 0) throw new Error('root has no account `postgres` to run PostgreSQL as: run as another.')
      return Number(stdout)
    }),
  )
  return { uid: uid!, gid: gid! }
}

/** Nothing of this process's environment, which may tell of another server. */
function surroundings(folder: string, identity: Identity) {
  return { ...identity, cwd: folder, env: { PATH: process.env.PATH ?? '' } }
}

async function initialize(initdb: string, folder: string, identity: Identity): Promise<void> {
  const args = ['-D', folder, '-U', 'ozone', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
  const child = spawn(initdb, args, {
    ...surroundings(folder, identity),
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`initdb ended with code ${code}.`)
}

/**
 * A process that ends the server, removes the folder and ends when its input does: because we say so, or because we
 * are gone, even by SIGKILL. It is in no terminal's process group, so that Ctrl-C does not end it first.
 */
function startSweeper(programs: string, folder: string, identity: Identity): ChildProcess {
  const script = 'cat; "$1/pg_ctl" stop -D "$2" -m fast; cd / && rm -rf "$2"'
  return spawn('sh', ['-c', script, 'sweeper', programs, folder], {
    ...surroundings(folder, identity),
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
}

async function sweep(sweeper: ChildProcess): Promise<void> {
  if (sweeper.exitCode !== null || sweeper.signalCode !== null) throw new Error('Somebody ended the sweeper.')
  const done = once(sweeper, 'exit')
  sweeper.stdin!.end()
  await done
}

/** Resolves when the server takes connections. */
async function start(postgres: string, folder: string, identity: Identity): Promise<void> {
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${folder}`,
    `port=${socketNumber}`,
    // Its data need not outlive anything.
    'fsync=off',
    'lc_messages=C',
  ]
  const args = ['-D', folder, ...settings.flatMap(setting => ['-c', setting])]
  const child = spawn(postgres, args, {
    ...surroundings(folder, identity),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const said: string[] = []
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  // Read to the end: a log that nobody takes would hold the server up.
  createInterface(child.stderr!).on('line', line => {
    said.push(line)
    if (line.includes('ready to accept connections')) resolve()
  })
  child.once('error', reject)
  child.once('close', code => reject(new Error(`PostgreSQL ended with code ${code}:\n${said.join('\n')}`)))
  return promise
}
