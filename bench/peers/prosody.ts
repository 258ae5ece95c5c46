import { existsSync } from 'node:fs'
import { chmod, chown, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '@parley/testing/free-port.ts'
import { type Postgres, startPostgres } from '@parley/testing/postgres.ts'
import { ownFolder } from '../stacks/own-folder.ts'
import { accountOf } from './account-of.ts'
import { howToInstall } from './install.ts'
import type { Peer, PeerStore } from './peer.ts'
import { peerProcess } from './peer-process.ts'

const program = '/usr/bin/prosody'

/** Prosody from Debian's package, every message archived; without TLS and limits. */
export async function startProsody(folder: string, store: PeerStore): Promise<Peer> {
  if (!existsSync(program)) throw new Error(`There is no Prosody here: ${howToInstall}`)
  await using opened = new AsyncDisposableStack()
  const { path: own } = opened.use(await ownFolder(folder, `prosody-${store}`))
  const postgres = store === 'postgres' ? opened.use(await startPostgres({ fsync: true })) : undefined
  const port = await freePort()
  const path = join(own, 'prosody.cfg.lua')
  await writeFile(path, configuration(own, port, storage(store, own, postgres)))
  // It refuses to run as root; PostgreSQL's account also gets into PostgreSQL's socket.
  const identity: { uid?: number; gid?: number } =
    process.getuid?.() === 0 ? accountOf(postgres ? 'postgres' : 'prosody') : {}
  if (identity.uid !== undefined) await chown(own, identity.uid, identity.gid!)
  await chmod(path, 0o644)
  const args = ['--config', path, '-F']
  const server = opened.use(peerProcess({ command: program, args, env: {}, folder: own, port, ...identity }))
  await server.start()
  const resources = opened.move()
  return {
    name: `Prosody, ${{ own: 'files', sqlite: 'SQLite', postgres: 'PostgreSQL' }[store]}`,
    port,
    get pids() {
      return postgres ? [server.pid, postgres.pid] : [server.pid]
    },
    start: () => server.start(),
    kill: signal => server.kill(signal),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

function storage(store: PeerStore, folder: string, postgres: Postgres | undefined): string {
  if (store === 'own') return 'storage = "internal"'
  if (!postgres)
    return `storage = "sql"; sql = { driver = "SQLite3", database = "${join(folder, 'prosody.sqlite')}" }`
  const { hostname, port, pathname, username } = new URL(postgres.url)
  const values = `database = "${pathname.slice(1)}", username = "${username}", password = ""`
  return `storage = "sql"; sql = { driver = "PostgreSQL", ${values}, host = "${decodeURIComponent(hostname)}", port = ${port} }`
}

function configuration(folder: string, port: number, storage: string): string {
  return `pidfile = "${folder}/prosody.pid"
data_path = "${folder}"
daemonize = false
network_backend = "epoll"
network_settings = { read_timeout = 840, nagle = false }
interfaces = { "127.0.0.1" }
c2s_ports = { ${port} }
s2s_ports = {}
modules_enabled = { "roster", "saslauth", "disco", "register_ibr", "mam", "offline", "smacks" }
modules_disabled = { "s2s", "tls", "http" }
allow_registration = true
min_seconds_between_registrations = 0
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
authentication = "internal_plain"
archive_expires_after = "never"
default_archive_policy = true
max_archive_query_results = 50
${storage}
log = { { levels = { min = "warn" }, to = "file", filename = "${folder}/prosody.log" } }
VirtualHost "localhost"
`
}
