import postgres from 'postgres'
import type { Address } from './address.ts'
import { fromText, type Literal } from './literals.ts'

/** Sends statements. Past connection.ts only for what is done once, such as making the tables. */
export type Driver = postgres.Sql<{ bigint: number }>

/** What is not written in 5 s is not written at all: locks are held for milliseconds. */
const lockTimeoutMs = 5_000

/** A process that stops in the middle of a commit holds up others for so long. */
const idleInTransactionTimeoutMs = 10_000

export const statementTimeoutMs = 30_000

/** Twice of that is the patience of a commit. */
const connectTimeoutSec = 4

/** What our columns need to be read by, by the numbers of `pg_type`. Values are sent as literalOf() has them. */
const types = {
  bigint: { to: 20, from: [20], serialize: String, parse: Number },
  text: { to: 25, from: [25], serialize: String, parse: fromText },
}

export function connect(address: Address, { onClose }: { onClose?: () => void } = {}): Driver {
  const { host, port, database, user, password, tls } = address
  return postgres({
    // A folder has a socket, and its name ends with the port.
    ...(host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : {}),
    host,
    port,
    database,
    username: user,
    password,
    ssl: tls === 'verify-full' ? { rejectUnauthorized: true } : tls === 'require' && 'require',
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: connectTimeoutSec,
    fetch_types: false,
    onnotice: () => {},
    ...(onClose && { onclose: onClose }),
    types: types as never,
    connection: {
      application_name: 'parley',
      // An acknowledged change is on disk, and a statement sees what the locks before it waited for.
      synchronous_commit: 'on',
      default_transaction_isolation: 'read committed',
      default_transaction_read_only: 'off',
      // Plans are the same whatever is asked about, and compiling them costs more than they do.
      plan_cache_mode: 'force_generic_plan',
      jit: 'off',
      // Everything we ask for is found by an index. A table that was never analyzed looks small, and would be read whole
      // for as long as the plan is kept.
      enable_seqscan: 'off',
      // Else a join would walk through an index from end to end instead.
      enable_mergejoin: 'off',
      enable_hashjoin: 'off',
      lock_timeout: lockTimeoutMs,
      statement_timeout: statementTimeoutMs,
      idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    } as never,
  }) as unknown as Driver
}

/** One prepared statement per text and connection; a text without values is sent as it is. */
export function ask<Row>(driver: Driver, text: string, values: readonly Literal[]): Promise<Row[]> {
  return driver.unsafe(
    text,
    values as never[],
    { prepare: true, simple: false } as never,
  ) as unknown as Promise<Row[]>
}
