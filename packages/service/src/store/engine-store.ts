import type { Did } from '@atcute/lexicons/syntax'
import type { Clock } from '../clock.ts'
import type { Tid } from '../tid.ts'
import type { Engine } from './engine.ts'
import { GroupCommit } from './group-commit.ts'
import type { Scope } from './scope.ts'
import type { ListFilter, Membership, MessagePage, Store } from './store.ts'
import type { Transaction } from './transaction.ts'

/** A store over an engine: reads go straight to it, writes through group commit. */
export class EngineStore implements Store {
  readonly #engine: Engine
  readonly #commits: GroupCommit

  constructor(engine: Engine, clock: Clock) {
    this.#engine = engine
    this.#commits = new GroupCommit(engine, clock)
  }

  transact<T>(scope: Scope, work: (tx: Transaction) => T): Promise<T> {
    return this.#commits.transact(scope, work)
  }

  memberships(viewer: Did, convoIds: readonly Tid[]) {
    return this.#engine.memberships(viewer, convoIds)
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
    return this.#engine.messages(membership, page)
  }

  log(viewer: Did, page: { after: Tid; limit: number }) {
    return this.#engine.log(viewer, page)
  }

  logHead(viewer: Did) {
    return this.#engine.logHead(viewer)
  }

  disabledAmong(dids: readonly Did[]) {
    return this.#engine.disabledAmong(dids)
  }

  async close(): Promise<void> {
    await this.#commits.idle()
    await this.#engine.close()
  }
}
