import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../../tid.ts'
import type { Changes, Loaded } from '../engine.ts'
import type { Scope } from '../scope.ts'
import type { Sql } from '../sql/sql.ts'
import type { PostgresAccounts } from './accounts.ts'
import type { CommitConnection } from './commit-connection.ts'
import { failureOf } from './failures.ts'
import { Flight } from './flight.ts'
import { askForScope, type Landed } from './load.ts'
import { type Locks, locksOf, missingLocks } from './locks.ts'
import type { Doubted } from './transaction-status.ts'
import { writeChanges } from './write.ts'

export interface Commit {
  sql: Sql
  accounts: PostgresAccounts
  connection: CommitConnection
  scope: Required<Scope>
  /** Locked besides what the scope names. */
  also: Locks
  run: (loaded: Loaded) => Changes
}

/** The connection went away after `commit` was sent: whether the transaction is on disk has to be asked. */
export class InDoubt extends Error {
  readonly transaction: Doubted

  constructor(transaction: Doubted, options: ErrorOptions) {
    super('the connection was lost during a commit', options)
    this.transaction = transaction
  }
}

/**
 * One transaction, in two flights: locks and loads, then writes and the commit. Where works have changed what was not
 * locked for them it is rolled back, and the answer is all that has to be locked besides the scope.
 */
export async function commitOnce(commit: Commit): Promise<Locks | undefined> {
  const { connection } = commit
  const locks = await locksOf(commit.sql, commit.accounts, commit.scope, commit.also)
  try {
    const landed = await load(commit, locks)
    if (landed.madeMeanwhile.length > 0) return await startOver(commit, landed.madeMeanwhile)
    const changes = await change(commit, landed)
    const missing = missingLocks(changes, { ...locks, heads: landed.heads }, commit.accounts)
    if (missing) return await startOver(commit, missing.convos, missing.accounts)
    await write(commit, changes, landed.transactionId)
    return undefined
  } catch (error) {
    if (connection.isOpen) await rollBack(connection).catch(() => connection.close())
    throw error
  }
}

async function load({ connection, accounts, scope }: Commit, locks: Locks): Promise<Landed> {
  const flight = new Flight()
  flight.ask('begin')
  const land = askForScope(flight, accounts, scope, locks)
  await connection.send(flight)
  return land()
}

/** Events of moderators are one stream: its head is locked last, and their revs are above it. */
async function change({ connection, run }: Commit, { loaded }: Landed): Promise<Changes> {
  const changes = run(loaded)
  const first = changes.modEvents[0]?.rev
  if (first === undefined) return changes
  const flight = new Flight()
  const head = flight.ask<{ rev: Tid }>('select rev from mod_event_head for update')
  await connection.send(flight)
  const { rev } = head.rows[0]!
  return rev < first ? changes : run({ ...loaded, floor: Math.max(loaded.floor, rev) })
}

async function write(
  { connection, accounts }: Commit,
  changes: Changes,
  transactionId: string,
): Promise<void> {
  const flight = new Flight()
  writeChanges(flight, accounts, changes)
  flight.ask('commit')
  try {
    await connection.send(flight)
  } catch (error) {
    // A connection whose socket failed may still be open when its statements fail.
    const isLost = failureOf(error) === 'lost'
    throw isLost ? new InDoubt({ transactionId, proof: changes.log[0] }, { cause: error }) : error
  }
}

async function startOver(
  { connection, also }: Commit,
  convos: Iterable<Tid>,
  accounts: Iterable<Did> = [],
): Promise<Locks> {
  await rollBack(connection)
  return {
    convos: new Set([...also.convos, ...convos]),
    accounts: new Set([...also.accounts, ...accounts]),
  }
}

async function rollBack(connection: CommitConnection): Promise<void> {
  const flight = new Flight()
  flight.ask('rollback')
  await connection.send(flight)
}
