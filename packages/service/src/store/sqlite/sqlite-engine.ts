import type { DatabaseSync } from 'node:sqlite'
import type { Did } from '@atcute/lexicons/syntax'
import { AppError } from '../../errors.ts'
import type { Tid } from '../../tid.ts'
import type { Changes, Engine, Loaded } from '../engine.ts'
import type { Account, GroupConvo, JoinRequest } from '../rows.ts'
import type { Scope } from '../scope.ts'
import type {
  ConvoOverview,
  ListFilter,
  LogEntry,
  Membership,
  MessagePage,
  OwnJoinRequest,
} from '../store.ts'
import type { GroupMember, ViewedMessage } from '../viewed.ts'
import { Accounts } from './accounts.ts'
import { GroupReads } from './group-reads.ts'
import { loadAccount, loadScope } from './load.ts'
import { Reads } from './reads.ts'
import { SqliteModeration } from './sqlite-moderation.ts'
import { Statements } from './statements.ts'
import { writeChanges } from './write.ts'

/** SQLITE_CONSTRAINT, the low byte of its extended codes. */
const sqliteConstraint = 19

/**
 * SQLite by way of node:sqlite. Calls are synchronous, so a commit is never seen half done and reads need no
 * snapshot of their own.
 */
export class SqliteEngine implements Engine {
  readonly #db: DatabaseSync
  readonly #sql: Statements
  readonly #accounts: Accounts
  readonly #reads: Reads
  readonly #groups: GroupReads
  readonly forModerators: SqliteModeration

  /** `db` as openDatabase() gives it. */
  constructor(db: DatabaseSync) {
    this.#db = db
    this.#sql = new Statements(this.#db)
    this.#accounts = new Accounts(this.#sql)
    this.#reads = new Reads(this.#sql, this.#accounts)
    this.#groups = new GroupReads(this.#sql, this.#accounts)
    this.forModerators = new SqliteModeration(this.#sql, this.#accounts)
  }

  async commit(scope: Required<Scope>, run: (loaded: Loaded) => Changes): Promise<void> {
    try {
      this.#sql.run('begin immediate')
      writeChanges(this.#sql, this.#accounts, run(loadScope(this.#sql, this.#accounts, scope)))
      this.#sql.run('commit')
    } catch (error) {
      if (this.#db.isTransaction) this.#sql.run('rollback')
      this.#accounts.forget()
      throw describe(error)
    }
  }

  async close(): Promise<void> {
    this.#db.close()
  }

  async memberships(viewer: Did, convoIds: readonly Tid[]): Promise<Map<Tid, Membership>> {
    const found = new Map<Tid, Membership>()
    for (const convoId of convoIds) {
      const membership = this.#reads.membership(viewer, convoId)
      if (membership) found.set(convoId, membership)
    }
    return found
  }

  async directMembership(viewer: Did, other: Did): Promise<Membership | undefined> {
    return this.#reads.directMembership(viewer, other)
  }

  async overviews(memberships: readonly Membership[]): Promise<ConvoOverview[]> {
    return memberships.map(membership => this.#reads.overview(membership))
  }

  async listMemberships(viewer: Did, filter: ListFilter): Promise<Membership[]> {
    return this.#reads.listMemberships(viewer, filter)
  }

  async message(membership: Membership, messageId: Tid): Promise<ViewedMessage | undefined> {
    return this.#reads.message(membership, messageId)
  }

  async messages(membership: Membership, page: MessagePage): Promise<ViewedMessage[]> {
    return this.#reads.messages(membership, page)
  }

  async log(viewer: Did, page: { after: Tid; limit: number }): Promise<LogEntry[]> {
    return this.#reads.log(viewer, page)
  }

  async logHead(viewer: Did): Promise<Tid> {
    return this.#reads.logHead(viewer)
  }

  async disabledAmong(dids: readonly Did[]): Promise<Set<Did>> {
    return new Set(dids.filter(did => this.#reads.isDisabled(did)))
  }

  async account(did: Did): Promise<Account> {
    return loadAccount(this.#sql, this.#accounts, did) ?? { did, chatDisabled: false }
  }

  async allMemberships(viewer: Did, page: { after: Tid; limit: number }): Promise<Membership[]> {
    return this.#reads.allMemberships(viewer, page)
  }

  async groupMembers({ convo }: Membership, page: { after?: Tid; limit: number }): Promise<GroupMember[]> {
    return this.#groups.members(convo.id, page)
  }

  async membersAmong({ convo }: Membership, dids: readonly Did[]): Promise<GroupMember[]> {
    return this.#groups.membersAmong(convo.id, dids)
  }

  async groupsByCode(codes: readonly string[]): Promise<Map<string, GroupConvo>> {
    return this.#groups.byCode(codes)
  }

  async joinRequests({ convo }: Membership, page: { before?: Tid; limit: number }): Promise<JoinRequest[]> {
    return this.#groups.joinRequests(convo.id, page)
  }

  async ownJoinRequests(viewer: Did, page: { before?: Tid; limit: number }): Promise<OwnJoinRequest[]> {
    return this.#groups.ownJoinRequests(viewer, page)
  }

  async requestedAt(viewer: Did, convoIds: readonly Tid[]): Promise<Map<Tid, Tid>> {
    return this.#groups.requestedAt(viewer, convoIds)
  }

  async convosEver(did: Did, page: { after: Tid; limit: number }): Promise<Tid[]> {
    return this.#reads.convosEver(did, page)
  }

  async writtenBy(did: Did, convoId: Tid, page: { after: Tid; limit: number }): Promise<Tid[]> {
    return this.#reads.writtenBy(did, convoId, page)
  }

  async logRevAt(did: Did, rows: number): Promise<Tid | undefined> {
    return this.#reads.logRevAt(did, rows)
  }
}

/** Trouble of the database has a name; a broken constraint, and whatever else, is a bug of ours. */
function describe(error: unknown): unknown {
  const isDatabases = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
  if (!isDatabases || (Number(error.errcode) & 0xff) === sqliteConstraint) return error
  const text = 'The database did not take the change; nothing was stored'
  return new AppError('ServiceUnavailable', text, { cause: error })
}
