import type { Did } from '@atcute/lexicons/syntax'
import { LRUCache } from 'lru-cache'
import { boundedCache } from '../bounded-cache.ts'
import { knownAccountsMax, knownMembersMax } from '../limits.ts'
import type { Tid } from '../tid.ts'
import type { Changes, Engine, Loaded, Rows } from './engine.ts'
import { PageCache } from './page-cache.ts'
import type { Account, Convo, Member } from './rows.ts'
import type { Scope } from './scope.ts'
import type { LogEntry, Membership, MessagePage } from './store.ts'
import type { ViewedMessage } from './viewed.ts'

interface KnownConvo {
  convo: Convo
  /** Those that were read or written; all of them where `isComplete`. */
  members: Map<Did, Member>
  isComplete: boolean
  /** `members` of a membership, `undefined` when somebody came or went since it was read. */
  shown: readonly Did[] | undefined
}

/**
 * Rows of an engine whose database nobody else writes: what was read or written last is what is there. It spares a
 * send what it would read, and answers a poll with nothing new without the database (design.md 5).
 */
export class RowCache implements Rows {
  readonly #engine: Engine
  readonly #convos: LRUCache<Tid, KnownConvo>
  readonly #accounts = boundedCache<Did, Account>(knownAccountsMax)
  readonly #pages = new PageCache()
  readonly #heads = boundedCache<Did, Tid>(knownAccountsMax)
  /** What was read before the last commit is not remembered after it. */
  #commits = 0

  constructor(engine: Engine, membersMax = knownMembersMax) {
    this.#engine = engine
    this.#convos = new LRUCache({
      maxSize: membersMax,
      sizeCalculation: ({ members }) => members.size + 1,
    })
  }

  async commit(scope: Required<Scope>, run: (loaded: Loaded) => Changes): Promise<void> {
    const convos = [...new Set(scope.convos)].filter(id => this.#convos.get(id)?.isComplete)
    const known = new Map(convos.map(id => [id, this.#convos.get(id)!]))
    const before = new Set(convos)
    const accounts = scope.accounts.flatMap(did => this.#accounts.get(did) ?? [])
    const missing = {
      ...scope,
      convos: scope.convos.filter(id => !known.has(id)),
      accounts: scope.accounts.filter(did => !this.#accounts.has(did)),
    }
    let loaded: Loaded | undefined
    let changes: Changes | undefined
    try {
      await this.#engine.commit(missing, found => {
        loaded = found
        // What other parts of the scope led to is there already.
        for (const { id } of found.convos) {
          before.add(id)
          known.delete(id)
        }
        changes = run({
          ...found,
          accounts: [...found.accounts, ...accounts],
          convos: [...found.convos, ...Array.from(known.values(), ({ convo }) => convo)],
          members: [
            ...found.members,
            ...Array.from(known.values(), ({ members }) => [...members.values()]).flat(),
          ],
        })
        return changes
      })
    } catch (error) {
      this.#forget()
      throw error
    }
    this.#commits += 1
    try {
      this.#learn(missing, loaded!)
      this.#apply(changes!, before)
      this.#pages.forgetChanged(changes!)
    } catch {
      // It is on disk: whoever heard of a failure now would do it again. What is kept here is only a copy.
      this.#forget()
    }
  }

  async memberships(viewer: Did, convoIds: readonly Tid[]): Promise<Map<Tid, Membership>> {
    const found = new Map<Tid, Membership>()
    const missing: Tid[] = []
    for (const id of convoIds) {
      const known = this.#convos.get(id)
      const own = known?.members.get(viewer)
      if (!known?.shown || !own) missing.push(id)
      else if (own.rev > 0) found.set(id, { convo: known.convo, viewer: own, members: known.shown })
    }
    if (missing.length === 0) return found
    const before = this.#commits
    for (const [id, membership] of await this.#engine.memberships(viewer, missing)) {
      found.set(id, membership)
      if (before === this.#commits) this.#learnMembership(membership)
    }
    return found
  }

  async messages(membership: Membership, page: MessagePage): Promise<ViewedMessage[]> {
    const known = this.#pages.get(membership, page)
    if (known) return known
    const before = this.#commits
    const messages = await this.#engine.messages(membership, page)
    if (before === this.#commits) this.#pages.set(membership, page, messages)
    return messages
  }

  async disabledAmong(dids: readonly Did[]): Promise<Set<Did>> {
    const accounts = await Promise.all(dids.map(did => this.account(did)))
    return new Set(accounts.filter(({ chatDisabled }) => chatDisabled).map(({ did }) => did))
  }

  async account(did: Did): Promise<Account> {
    const known = this.#accounts.get(did)
    if (known) return known
    const before = this.#commits
    const account = await this.#engine.account(did)
    if (before === this.#commits) this.#accounts.set(did, account)
    return account
  }

  async log(viewer: Did, page: { after: Tid; limit: number }): Promise<LogEntry[]> {
    return page.after >= (await this.logHead(viewer)) ? [] : this.#engine.log(viewer, page)
  }

  async logHead(viewer: Did): Promise<Tid> {
    const known = this.#heads.get(viewer)
    if (known !== undefined) return known
    const before = this.#commits
    const head = await this.#engine.logHead(viewer)
    if (before === this.#commits) this.#heads.set(viewer, head)
    return head
  }

  #learnMembership({ convo, viewer, members }: Membership): void {
    const known = this.#convos.get(convo.id) ?? {
      convo,
      members: new Map(),
      isComplete: false,
      shown: members,
    }
    known.members.set(viewer.did, viewer)
    this.#convos.set(convo.id, { ...known, shown: members })
  }

  #learn(asked: Required<Scope>, { convos, members, accounts }: Loaded): void {
    const membersOf = Map.groupBy(members, ({ convoId }) => convoId)
    for (const convo of convos) {
      const rows = new Map((membersOf.get(convo.id) ?? []).map(member => [member.did, member]))
      const { shown } = this.#convos.get(convo.id) ?? {}
      this.#convos.set(convo.id, { convo, members: rows, isComplete: true, shown })
    }
    for (const did of asked.accounts) this.#accounts.set(did, { did, chatDisabled: false })
    for (const account of accounts) this.#accounts.set(account.did, account)
  }

  /** `before`: the convos that were there. */
  #apply({ accounts, directs, groups, members, log, purged }: Changes, before: ReadonlySet<Tid>): void {
    for (const account of accounts) this.#accounts.set(account.did, account)
    for (const convo of [...directs.map(({ convo }) => convo), ...groups]) this.#putConvo(convo, before)
    for (const { convoId, did, row } of members) this.#putMember(convoId, did, row)
    for (const { did, rev } of log.toSorted((a, b) => a.rev - b.rev)) this.#heads.set(did, rev)
    for (const { did } of purged) this.#heads.delete(did)
  }

  #putConvo(convo: Convo, before: ReadonlySet<Tid>): void {
    const known = this.#convos.get(convo.id)
    if (known) known.convo = convo
    // Nobody is in a new one yet.
    else if (!before.has(convo.id))
      this.#convos.set(convo.id, { convo, members: new Map(), isComplete: true, shown: undefined })
  }

  #putMember(convoId: Tid, did: Did, row: Member | undefined): void {
    const known = this.#convos.get(convoId)
    if (!known) return
    const isNews = (row === undefined) === known.members.has(did)
    if (row) known.members.set(did, row)
    else known.members.delete(did)
    if (isNews || !known.isComplete) this.#convos.set(convoId, { ...known, shown: undefined })
  }

  /** After a commit of which is not known what became. */
  #forget(): void {
    this.#commits += 1
    this.#convos.clear()
    this.#accounts.clear()
    this.#heads.clear()
    this.#pages.clear()
  }
}
