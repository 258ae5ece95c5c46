import type { Did } from '@atcute/lexicons/syntax'
import type { LRUCache } from 'lru-cache'
import { boundedCache } from '../../bounded-cache.ts'
import type { Accounts, Sql } from '../sql/sql.ts'

const accountsCachedMax = 100_000

/**
 * DIDs as small integers: `uid`, given out once and for good, each in a commit of its own. What is asked for is used a
 * moment later without asking again: it counts as used when it is asked for, so that it is not pushed out in between.
 */
export class PostgresAccounts implements Accounts {
  readonly #sql: Sql
  readonly #uids: LRUCache<Did, number>
  readonly #dids: LRUCache<number, Did>

  constructor(sql: Sql, cachedMax = accountsCachedMax) {
    this.#sql = sql
    this.#uids = boundedCache(cachedMax)
    this.#dids = boundedCache(cachedMax)
  }

  async find(did: Did): Promise<number | undefined> {
    return this.#uids.get(did) ?? (await this.findAll([did]))[0]
  }

  async findAll(dids: readonly Did[]): Promise<number[]> {
    const unknown = dids.filter(did => this.#uids.get(did) === undefined)
    if (unknown.length > 0) {
      this.#remember(await this.#sql.all('select uid, did from account where did = any($1)', [unknown]))
    }
    return dids.flatMap(did => this.#uids.get(did) ?? [])
  }

  async meet(uids: readonly number[]): Promise<void> {
    const unknown = uids.filter(uid => this.#dids.get(uid) === undefined)
    if (unknown.length === 0) return
    this.#remember(await this.#sql.all('select uid, did from account where uid = any($1)', [unknown]))
  }

  did(uid: number): Did {
    const did = this.#dids.get(uid)
    if (did === undefined) throw new Error(`the account with uid ${uid} was not met before`)
    return did
  }

  /** Gives those a uid, and a head, that have none. */
  async intern(dids: readonly Did[]): Promise<void> {
    await this.findAll(dids)
    const fresh = [...new Set(dids)].filter(did => !this.#uids.has(did)).sort()
    if (fresh.length === 0) return
    this.#remember(
      await this.#sql.all(
        `with fresh as (
           insert into account (did) select * from unnest($1::text[]) on conflict (did) do nothing
           returning uid, did
         ), heads as (insert into account_head (account, rev) select uid, 0 from fresh)
         select uid, did from fresh`,
        [fresh],
      ),
    )
    // Others may have done it at the same moment.
    await this.findAll(fresh)
  }

  /** Without asking: `undefined` where the account was never seen, or not found before. */
  known(did: Did): number | undefined {
    return this.#uids.get(did)
  }

  /** Of an account that was interned or found before. */
  uid(did: Did): number {
    const uid = this.known(did)
    if (uid === undefined) throw new Error('an account is used that was not interned before')
    return uid
  }

  #remember(rows: readonly { uid: number; did: Did }[]): void {
    for (const { uid, did } of rows) {
      this.#uids.set(did, uid)
      this.#dids.set(uid, did)
    }
  }
}
