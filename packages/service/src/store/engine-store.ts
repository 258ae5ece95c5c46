import type { Did } from '@atcute/lexicons/syntax'
import type { Clock } from '../clock.ts'
import { getOrMake } from '../get-or-make.ts'
import type { Tid } from '../tid.ts'
import type { Changes, Engine, Rows } from './engine.ts'
import { GroupCommit } from './group-commit.ts'
import { KnownDirects } from './known-directs.ts'
import type { Scope } from './scope.ts'
import type { ListFilter, Membership, MessagePage, Party, Store } from './store.ts'
import type { Transaction } from './transaction.ts'
import { type News, newsOf, type WakeUps } from './wake-ups.ts'

interface EngineStoreParts {
  /** What may remember rows in front of the engine. Default: nothing does. */
  rows?: Rows
  /** How other processes on the same database are told. Default: there are none. */
  wakeUps?: WakeUps | undefined
}

/** A store over an engine: reads go straight to it, or first to what remembers; writes go through group commit. */
export class EngineStore implements Store {
  readonly #engine: Engine
  readonly #rows: Rows
  readonly #wakeUps: WakeUps | undefined
  readonly #commits: GroupCommit
  readonly #directs = new KnownDirects()
  readonly #modEventReaders = new Set<() => void>()
  readonly #logReaders = new Map<Did, Set<() => void>>()

  constructor(engine: Engine, clock: Clock, { rows = engine, wakeUps }: EngineStoreParts = {}) {
    this.#engine = engine
    this.#rows = rows
    this.#wakeUps = wakeUps
    this.#commits = new GroupCommit(
      rows,
      clock,
      changes => this.#afterCommit(changes),
      engine.commitsUnderWay,
    )
    wakeUps?.onNews(news => this.#wake(news))
  }

  transact<T>(scope: Scope, work: (tx: Transaction) => T): Promise<T> {
    return this.#commits.transact(scope, work)
  }

  memberships(viewer: Did, convoIds: readonly Tid[]) {
    return this.#rows.memberships(viewer, convoIds)
  }

  async parties(viewer: Did, convoIds: readonly Tid[]): Promise<Map<Tid, Party>> {
    const known = this.#directs.among(viewer, convoIds)
    if (known) return known
    const found = await this.memberships(viewer, convoIds)
    this.#directs.remember(found.values())
    return found
  }

  directMembership(viewer: Did, other: Did) {
    return this.#engine.directMembership(viewer, other)
  }

  overviews(memberships: readonly Membership[]) {
    return this.#engine.overviews(memberships)
  }

  listMemberships(viewer: Did, filter: ListFilter) {
    return this.#engine.listMemberships(viewer, filter)
  }

  message(membership: Membership, messageId: Tid) {
    return this.#engine.message(membership, messageId)
  }

  messages(membership: Membership, page: MessagePage) {
    return this.#rows.messages(membership, page)
  }

  log(viewer: Did, page: { after: Tid; limit: number }) {
    return this.#rows.log(viewer, page)
  }

  logHead(viewer: Did) {
    return this.#rows.logHead(viewer)
  }

  disabledAmong(dids: readonly Did[]) {
    return this.#rows.disabledAmong(dids)
  }

  account(did: Did) {
    return this.#rows.account(did)
  }

  allMemberships(viewer: Did, page: { after: Tid; limit: number }) {
    return this.#engine.allMemberships(viewer, page)
  }

  groupMembers(membership: Membership, page: { after?: Tid; limit: number }) {
    return this.#engine.groupMembers(membership, page)
  }

  membersAmong(membership: Membership, dids: readonly Did[]) {
    return this.#engine.membersAmong(membership, dids)
  }

  groupsByCode(codes: readonly string[]) {
    return this.#engine.groupsByCode(codes)
  }

  joinRequests(membership: Membership, page: { before?: Tid; limit: number }) {
    return this.#engine.joinRequests(membership, page)
  }

  ownJoinRequests(viewer: Did, page: { before?: Tid; limit: number }) {
    return this.#engine.ownJoinRequests(viewer, page)
  }

  requestedAt(viewer: Did, convoIds: readonly Tid[]) {
    return this.#engine.requestedAt(viewer, convoIds)
  }

  convosEver(did: Did, page: { after: Tid; limit: number }) {
    return this.#engine.convosEver(did, page)
  }

  writtenBy(did: Did, convoId: Tid, page: { after: Tid; limit: number }) {
    return this.#engine.writtenBy(did, convoId, page)
  }

  logRevAt(did: Did, rows: number) {
    return this.#engine.logRevAt(did, rows)
  }

  get forModerators() {
    return this.#engine.forModerators
  }

  onModEvents(wake: () => void): () => void {
    this.#modEventReaders.add(wake)
    return () => this.#modEventReaders.delete(wake)
  }

  onLog(did: Did, wake: () => void): () => void {
    const readers = getOrMake(this.#logReaders, did, () => new Set())
    readers.add(wake)
    return () => {
      readers.delete(wake)
      if (readers.size === 0 && this.#logReaders.get(did) === readers) this.#logReaders.delete(did)
    }
  }

  async close(): Promise<void> {
    await this.#commits.idle()
    await this.#engine.close()
  }

  #afterCommit(changes: Changes): void {
    const news = newsOf(changes)
    if (!news) return
    this.#wakeUps?.tell(news)
    this.#wake(news)
  }

  #wake({ accounts, modEvents }: News): void {
    if (modEvents) for (const wake of this.#modEventReaders) wake()
    if (this.#logReaders.size === 0) return
    for (const did of accounts) for (const wake of this.#logReaders.get(did) ?? []) wake()
  }
}
