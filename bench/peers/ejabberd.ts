import { existsSync, globSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { freePort } from '@parley/testing/free-port.ts'
import { type Postgres, startPostgres } from '@parley/testing/postgres.ts'
import { ownFolder } from '../stacks/own-folder.ts'
import { howToInstall } from './install.ts'
import type { Peer, PeerStore } from './peer.ts'
import { peerProcess } from './peer-process.ts'
import { runSql } from './run-sql.ts'

/** Of Debian's package, beside the programs of Erlang. */
const libraries = '/usr/lib/x86_64-linux-gnu'
const schemas = '/usr/share/ejabberd/sql'

/** ejabberd from Debian's package, every message archived before it is delivered; without cluster, TLS and shapers. */
export async function startEjabberd(folder: string, store: PeerStore): Promise<Peer> {
  const [program] = globSync(`${libraries}/ejabberd-*/ebin`).sort()
  if (program === undefined || !existsSync(schemas))
    throw new Error(`There is no ejabberd here: ${howToInstall}`)
  await using opened = new AsyncDisposableStack()
  const { path: own } = opened.use(await ownFolder(folder, `ejabberd-${store}`))
  await mkdir(join(own, 'mnesia'))
  // It knows PostgreSQL by its port only.
  const durable = async () => startPostgres({ fsync: true, tcpPort: await freePort() })
  const postgres = store === 'postgres' ? opened.use(await durable()) : undefined
  const port = await freePort()
  await writeFile(join(own, 'ejabberd.yml'), configuration(port, await prepareStore(store, own, postgres)))
  const env = {
    ERL_LIBS: libraries,
    EJABBERD_CONFIG_PATH: join(own, 'ejabberd.yml'),
    EJABBERD_LOG_PATH: join(own, 'ejabberd.log'),
    EJABBERD_SO_PATH: join(program, '../priv/lib'),
  }
  const args = ['-noinput', '+K', 'true', '+P', '250000', '+Q', '32000', '-pa', program]
  const mnesia = ['-mnesia', 'dir', JSON.stringify(join(own, 'mnesia')), '-s', 'ejabberd']
  // The program by its own name would be a script that waits for the real one.
  const server = opened.use(
    peerProcess({ command: 'erl', args: [...args, ...mnesia], env, folder: own, port }),
  )
  await server.start()
  const resources = opened.move()
  return {
    name: `ejabberd, ${storeName(store)}`,
    port,
    get pids() {
      return postgres ? [server.pid, postgres.pid] : [server.pid]
    },
    start: () => server.start(),
    kill: signal => server.kill(signal),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

function storeName(store: PeerStore): string {
  return { own: 'Mnesia', sqlite: 'SQLite', postgres: 'PostgreSQL' }[store]
}

/** Makes the tables; answers the lines of the configuration that lead to them. */
async function prepareStore(
  store: PeerStore,
  folder: string,
  postgres: Postgres | undefined,
): Promise<string[]> {
  if (store === 'own') return []
  if (postgres) {
    const url = new URL(postgres.url)
    await runSql(postgres, join(schemas, 'pg.sql'))
    return [
      'sql_type: pgsql',
      'sql_server: "127.0.0.1"',
      `sql_port: ${url.port}`,
      `sql_database: "${url.pathname.slice(1)}"`,
      `sql_username: "${url.username}"`,
      'sql_password: "none"',
      'sql_pool_size: 10',
    ]
  }
  const path = join(folder, 'ejabberd.db')
  const db = new DatabaseSync(path)
  db.exec(await readFile(join(schemas, 'lite.sql'), 'utf8'))
  db.close()
  return ['sql_type: sqlite', `sql_database: "${path}"`]
}

function configuration(port: number, sql: string[]): string {
  const [auth, db] = sql.length === 0 ? ['internal', 'mnesia'] : ['sql', 'sql']
  return `hosts: [localhost]
loglevel: error
certfiles: []
listen:
  - {port: ${port}, ip: "127.0.0.1", module: ejabberd_c2s, shaper: none, access: c2s, starttls: false, backlog: 1024}
auth_method: [${auth}]
auth_password_format: plain
registration_timeout: infinity
access_rules: {c2s: {allow: all}, register: {allow: all}}
shaper: {}
shaper_rules: {max_user_sessions: 10, max_user_offline_messages: 5000, c2s_shaper: none}
default_db: ${db}
${sql.join('\n')}
modules:
  mod_disco: {}
  mod_register: {access: register, ip_access: all, welcome_message: {}}
  mod_mam: {default: always, assume_mam_usage: true, db_type: ${db}, compress_xml: false, use_cache: true}
  mod_offline: {db_type: ${db}}
  mod_stream_mgmt: {}
`
}
