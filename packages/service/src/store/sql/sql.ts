import type { Did } from '@atcute/lexicons/syntax'

/** A value for `$1`, `$2`, … of a statement. Lists are for the places that a dialect makes for them. */
export type SqlValue = string | number | null | readonly (string | number | null)[]

/** Asks a database: the same texts for all, but for what its dialect says. */
export interface Sql {
  readonly dialect: Dialect
  all<Row>(text: string, values: readonly SqlValue[]): Promise<Row[]>
}

/** How an SQL database says what others say differently. Arguments are columns and placeholders. */
export interface Dialect {
  /** The column has a value of the list. */
  among(column: string, list: string): string
  /** The two columns have the values that stand side by side in the two lists. */
  amongPairs(columns: readonly [string, string], firsts: string, seconds: string): string
  /** The account has deleted this message for itself. */
  isHidden(columns: MessageColumns, account: string): string
  /** The table `member`, by the index of what is unread: that these are few, not every database knows. */
  unreadMember: string
}

export interface MessageColumns {
  convo: string
  id: string
}

/** Accounts as the small integers that stand for them in tables. */
export interface Accounts {
  /** `undefined` where the account was never seen. */
  find(did: Did): Promise<number | undefined>
  /** Those that were seen. */
  findAll(dids: readonly Did[]): Promise<number[]>
  /** Makes sure that `did` knows these. */
  meet(uids: readonly number[]): Promise<void>
  did(uid: number): Did
}
