import { setTimeout } from 'node:timers/promises'
import type { Did } from '@atcute/lexicons/syntax'
import { AppError } from '../../errors.ts'
import { commitAttemptsMax, commitPatienceMs } from '../../limits.ts'
import type { Tid } from '../../tid.ts'
import type { Changes, Engine, Loaded } from '../engine.ts'
import type { Scope } from '../scope.ts'
import type { MembershipsAsked } from '../sql/membership-reads.ts'
import { SqlReader } from '../sql/sql-reader.ts'
import type { Membership } from '../store.ts'
import { PostgresAccounts } from './accounts.ts'
import type { Address } from './address.ts'
import { commitOnce, InDoubt } from './commit.ts'
import { failureOf, unavailable } from './failures.ts'
import { Gathering } from './gathering.ts'
import { Lanes } from './lanes.ts'
import { type Locks, noLocks } from './locks.ts'
import { PostgresSql } from './postgres-sql.ts'
import { ReadConnections } from './read-connections.ts'
import { statusOf } from './transaction-status.ts'

/** Connections for reads; each takes several statements at once. */
const readConnectionsMax = 4

/** Asked in one statement. */
const questionsMax = 100

/** Before the same again: what came between is over by then. */
const pauseMs = 5

const notStored = 'The database did not take the change; nothing was stored'
const mayBeStored =
  'The database went away while it took the change, which may have been stored: look before sending it again,' +
  ' or send it with the same idempotencyKey'

/** PostgreSQL, shared by any number of processes: what orders their commits are the locks they take. */
export class PostgresEngine extends SqlReader implements Engine {
  /** While one is written to disk, the next is prepared. */
  readonly commitsUnderWay = 2
  readonly #reads: ReadConnections
  readonly #sql: PostgresSql
  readonly #accounts: PostgresAccounts
  readonly #lanes: Lanes
  /** What every send and every poll asks. */
  readonly #memberships = new Gathering(questionsMax, (asked: MembershipsAsked[]) =>
    this.membershipsOfAll(asked),
  )
  readonly #heads = new Gathering(questionsMax, (dids: Did[]) => this.logHeads(dids))
  /** Of this process: two of its commits at once must not give out one rev twice. */
  #lastRev: Tid = 0

  /** On a database of the newest version, as openPostgresStore() makes it. */
  constructor(address: Address) {
    const reads = new ReadConnections(address, readConnectionsMax)
    const sql = new PostgresSql(reads)
    const accounts = new PostgresAccounts(sql)
    super(sql, accounts)
    this.#reads = reads
    this.#sql = sql
    this.#accounts = accounts
    this.#lanes = new Lanes(address)
  }

  async commit(scope: Required<Scope>, run: (loaded: Loaded) => Changes): Promise<void> {
    let also = noLocks
    const begun = performance.now()
    const isLastOf = (attempt: number) =>
      attempt === commitAttemptsMax || performance.now() - begun > commitPatienceMs
    for (let attempt = 1; ; attempt++) {
      try {
        const missing = await this.#attempt(scope, also, run)
        if (!missing) return
        if (isLastOf(attempt)) throw new AppError('ServiceUnavailable', notStored)
        also = missing
      } catch (error) {
        if (error instanceof InDoubt) {
          const status = await statusOf(this.#sql, error.transaction)
          if (status === 'committed') return
          if (status === undefined) throw unavailable(error.cause, mayBeStored)
        }
        const failure = error instanceof InDoubt ? 'lost' : failureOf(error)
        if (isLastOf(attempt) || (failure !== 'conflict' && failure !== 'lost')) {
          throw unavailable(error instanceof InDoubt ? error.cause : error, notStored)
        }
        await setTimeout(pauseMs * attempt)
      }
    }
  }

  override memberships(viewer: Did, convoIds: readonly Tid[]): Promise<Map<Tid, Membership>> {
    return this.#memberships.ask({ viewer, convoIds })
  }

  override logHead(viewer: Did): Promise<Tid> {
    return this.#heads.ask(viewer)
  }

  async close(): Promise<void> {
    await this.#lanes.close()
    await this.#reads.close()
  }

  /** What has to be locked besides, where it was not done for want of that. */
  #attempt(
    scope: Required<Scope>,
    also: Locks,
    run: (loaded: Loaded) => Changes,
  ): Promise<Locks | undefined> {
    return this.#lanes.use(async connection => {
      let [before, given]: [Tid | undefined, Tid] = [undefined, 0]
      const missing = await commitOnce({
        sql: this.#sql,
        accounts: this.#accounts,
        connection,
        scope,
        also,
        run: loaded => {
          before ??= this.#lastRev
          const changes = run({ ...loaded, floor: Math.max(loaded.floor, this.#lastRev) })
          given = this.#lastRev = Math.max(this.#lastRev, newestIn(changes))
          return changes
        },
      })
      // Nothing was written: its revs are given again, as on every engine, unless another commit went on from them.
      if (missing && before !== undefined && this.#lastRev === given) this.#lastRev = before
      return missing
    })
  }
}

/** The highest rev that a batch has given to anything. */
function newestIn({ log, messages, modEvents, directs, groups, members }: Changes): Tid {
  return Math.max(
    0,
    ...log.map(({ rev }) => rev),
    ...modEvents.map(({ rev }) => rev),
    ...messages.map(({ id }) => id),
    ...directs.map(({ convo }) => convo.id),
    ...groups.map(({ id }) => id),
    ...members.map(({ row }) => row?.rev ?? 0),
  )
}
