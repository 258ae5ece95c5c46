import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync } from 'node:fs'
import { chown, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

/** A PostgreSQL server of its own, gone without a trace when it is disposed of or this process has ended. */
export interface Postgres extends AsyncDisposable {
  /** Of a database that is always there. */
  url: string
  /** Of the server's own process. */
  readonly pid: number
  /** Makes an empty database and answers its address. */
  createDatabase(): Promise<string>
  /** Ends the server with this signal: SIGINT breaks connections off, SIGQUIT is a crash. Its folder stays. */
  stop(signal: 'SIGINT' | 'SIGQUIT'): Promise<void>
  /** On the same folder, after it was stopped. */
  start(): Promise<void>
}

export interface PostgresOptions {
  /** Whether a commit waits for the disk. Default off: what tests write need not outlive a power cut. */
  fsync?: boolean
  /** Also listens on this port of the loopback address, for clients that know no sockets: whoever is here gets in. */
  tcpPort?: number
}

/** A socket's name ends with it; nothing listens on a port. */
const socketNumber = 5432

/** May do everything. */
const user = 'parley'

/** An account of this machine, for a child process. */
interface Identity {
  uid?: number
  gid?: number
}

/**
 * Starts the PostgreSQL of this machine on an empty folder. It listens on a socket in that folder and nowhere else:
 * nobody but its owner gets in, so it asks for no password. Throws, saying what to install, where there is none.
 */
export async function startPostgres({ fsync = false, tcpPort }: PostgresOptions = {}): Promise<Postgres> {
  const programs = findPrograms()
  const identity = unprivileged()
  const folder = await mkdtemp(join(tmpdir(), 'parley-postgres-'))
  if (identity.uid !== undefined) await chown(folder, identity.uid, identity.gid!)
  const sweeper = startSweeper(programs, folder, identity)
  const startServer = () => start({ program: join(programs, 'postgres'), folder, identity, fsync, tcpPort })
  const urlOf = (database: string) =>
    `postgresql://${user}@${encodeURIComponent(folder)}:${tcpPort ?? socketNumber}/${database}`
  try {
    await initialize(join(programs, 'initdb'), folder, identity)
    let server = await startServer()
    let databases = 0
    return {
      url: urlOf('postgres'),
      get pid() {
        return server.pid!
      },
      async createDatabase() {
        const name = `test_${databases++}`
        const args = ['-h', folder, '-p', String(tcpPort ?? socketNumber), '-U', user, name]
        await promisify(execFile)(join(programs, 'createdb'), args, surroundings(folder, identity))
        return urlOf(name)
      },
      async stop(signal) {
        const ended = once(server, 'exit')
        server.kill(signal)
        await ended
      },
      async start() {
        server = await startServer()
      },
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
  throw new Error(
    'There is no PostgreSQL server here, which these tests need: `apt-get install -y postgresql`.',
  )
}

function byVersion(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}

/** PostgreSQL refuses to run as root; its package brings an account for it. */
function unprivileged(): Identity {
  if (process.getuid?.() !== 0) return {}
  try {
    const [uid, gid] = ['-u', '-g'].map(kind => Number(execFileSync('id', [kind, 'postgres'])))
    return { uid: uid!, gid: gid! }
  } catch {
    throw new Error('root has no account `postgres` to run PostgreSQL as: run as another.')
  }
}

/** Nothing of this process's environment, which may tell of another server. */
function surroundings(folder: string, identity: Identity) {
  return { ...identity, cwd: folder, env: { PATH: process.env.PATH ?? '' } }
}

async function initialize(initdb: string, folder: string, identity: Identity): Promise<void> {
  const args = ['-D', folder, '-U', user, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
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

interface ServerOptions {
  program: string
  folder: string
  identity: Identity
  fsync: boolean
  tcpPort: number | undefined
}

/** Resolves when the server takes connections. */
async function start({ program, folder, identity, fsync, tcpPort }: ServerOptions): Promise<ChildProcess> {
  const settings = [
    `listen_addresses=${tcpPort === undefined ? '' : '127.0.0.1'}`,
    `unix_socket_directories=${folder}`,
    `port=${tcpPort ?? socketNumber}`,
    `fsync=${fsync ? 'on' : 'off'}`,
    // A new segment filled with zeros beforehand counts as 16 MB written, and each commit in it as up to 1 MB.
    'wal_init_zero=off',
    'lc_messages=C',
  ]
  const args = ['-D', folder, ...settings.flatMap(setting => ['-c', setting])]
  const child = spawn(program, args, {
    ...surroundings(folder, identity),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const said: string[] = []
  const { promise, resolve, reject } = Promise.withResolvers<ChildProcess>()
  // Read to the end: a log that nobody takes would hold the server up.
  createInterface(child.stderr!).on('line', line => {
    if (said.length < 100) said.push(line)
    if (line.includes('ready to accept connections')) resolve(child)
  })
  child.once('error', reject)
  child.once('close', code => reject(new Error(`PostgreSQL ended with code ${code}:\n${said.join('\n')}`)))
  return promise
}
