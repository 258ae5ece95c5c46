import type { Did } from '@atcute/lexicons/syntax'
import { boundedCache } from '../../bounded-cache.ts'
import type { Accounts } from '../sql/sql.ts'
import type { Statements } from './statements.ts'

const accountsCachedMax = 100_000

/** DIDs as small integers: `uid`, given out once and for good. */
export class SqliteAccounts implements Accounts {
  readonly #sql: Statements
  readonly #uids = boundedCache<Did, number>(accountsCachedMax)
  readonly #dids = boundedCache<number, Did>(accountsCachedMax)

  constructor(sql: Statements) {
    this.#sql = sql
  }

  /** `undefined` where the account was never seen. */
  uid(did: Did): number | undefined {
    const known = this.#uids.get(did)
    if (known !== undefined) return known
    const row = this.#sql.get<{ uid: number }>('select uid from account where did = ?', did)
    if (row) this.#remember(did, row.uid)
    return row?.uid
  }

  async find(did: Did): Promise<number | undefined> {
    return this.uid(did)
  }

  async findAll(dids: readonly Did[]): Promise<number[]> {
    return dids.flatMap(did => this.uid(did) ?? [])
  }

  /** Nothing to fetch beforehand: `did` asks the database itself. */
  async meet(): Promise<void> {}

  /** Gives the account a uid where it has none. Only inside a transaction; see `forget`. */
  intern(did: Did): number {
    const known = this.uid(did)
    if (known !== undefined) return known
    const row = this.#sql.get<{ uid: number }>('insert into account (did) values (?) returning uid', did)!
    this.#remember(did, row.uid)
    return row.uid
  }

  did(uid: number): Did {
    const known = this.#dids.get(uid)
    if (known !== undefined) return known
    const row = this.#sql.get<{ did: Did }>('select did from account where uid = ?', uid)
    if (!row) throw new Error(`no account has uid ${uid}`)
    this.#remember(row.did, uid)
    return row.did
  }

  /** After a rollback: uids given out in it are void. */
  forget(): void {
    this.#uids.clear()
    this.#dids.clear()
  }

  #remember(did: Did, uid: number): void {
    this.#uids.set(did, uid)
    this.#dids.set(uid, did)
  }
}
