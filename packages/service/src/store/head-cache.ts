import type { Did } from '@atcute/lexicons/syntax'
import { boundedCache } from '../bounded-cache.ts'
import type { Clock } from '../clock.ts'
import { headRecheckMs, knownAccountsMax } from '../limits.ts'
import type { Tid } from '../tid.ts'
import type { Changes, Engine, Loaded, Rows } from './engine.ts'
import type { Account } from './rows.ts'
import type { Scope } from './scope.ts'
import type { LogEntry, Membership, MessagePage } from './store.ts'
import type { ViewedMessage } from './viewed.ts'

interface Head {
  rev: Tid
  readAtMs: number
}

/**
 * The newest rev of accounts, for an engine that other processes write to as well: raised by own commits, read anew
 * after a wake-up, and in any case when it is `headRecheckMs` old. So a poll with nothing new, which nearly all
 * polls are, mostly asks no database (design.md 5).
 */
export class HeadCache implements Rows {
  readonly #engine: Engine
  readonly #clock: Clock
  readonly #heads = boundedCache<Did, Head>(knownAccountsMax)
  /** Being read from the database. */
  readonly #reading = new Map<Did, Promise<Tid>>()

  constructor(engine: Engine, clock: Clock) {
    this.#engine = engine
    this.#clock = clock
  }

  /** Somebody else has written to these logs. */
  outdate(accounts: readonly Did[]): void {
    for (const did of accounts) {
      this.#heads.delete(did)
      this.#reading.delete(did)
    }
  }

  async commit(scope: Required<Scope>, run: (loaded: Loaded) => Changes): Promise<void> {
    let changes: Changes | undefined
    await this.#engine.commit(scope, loaded => {
      changes = run(loaded)
      return changes
    })
    const readAtMs = this.#clock.now()
    for (const { did, rev } of changes!.log) this.#raise(did, { rev, readAtMs })
    for (const { did } of changes!.purged) this.#heads.delete(did)
  }

  memberships(viewer: Did, convoIds: readonly Tid[]): Promise<Map<Tid, Membership>> {
    return this.#engine.memberships(viewer, convoIds)
  }

  messages(membership: Membership, page: MessagePage): Promise<ViewedMessage[]> {
    return this.#engine.messages(membership, page)
  }

  disabledAmong(dids: readonly Did[]): Promise<Set<Did>> {
    return this.#engine.disabledAmong(dids)
  }

  account(did: Did): Promise<Account> {
    return this.#engine.account(did)
  }

  async log(viewer: Did, page: { after: Tid; limit: number }): Promise<LogEntry[]> {
    return page.after >= (await this.logHead(viewer)) ? [] : this.#engine.log(viewer, page)
  }

  async logHead(viewer: Did): Promise<Tid> {
    const known = this.#heads.get(viewer)
    const now = this.#clock.now()
    // A clock that was set back must not keep it for longer.
    if (known && Math.abs(now - known.readAtMs) < headRecheckMs) return known.rev
    const reading = this.#reading.get(viewer) ?? this.#engine.logHead(viewer)
    this.#reading.set(viewer, reading)
    try {
      const rev = await reading
      // What was written since is not in it.
      if (this.#reading.get(viewer) === reading) this.#heads.set(viewer, { rev, readAtMs: now })
      return rev
    } finally {
      if (this.#reading.get(viewer) === reading) this.#reading.delete(viewer)
    }
  }

  /** Two own commits may come back in another order than theirs. */
  #raise(did: Did, head: Head): void {
    this.#reading.delete(did)
    const known = this.#heads.get(did)
    if (!known || known.rev < head.rev) this.#heads.set(did, head)
  }
}
