import type { Did } from '@atcute/lexicons/syntax'

/** One call of a client. `poll` asks for a log in which there is nothing new. */
export type Call = 'send' | 'page' | 'poll' | 'list' | 'unread'

/** How many of all calls are of each kind, in per cent. */
export type Mix = Partial<Record<Call, number>>

/** What real clients do: hardly anything ever is new. */
export const everyday: Mix = { poll: 70, page: 15, send: 10, list: 3, unread: 2 }

/** What is there to be called for, the same for all who are compared. */
export interface Stage {
  /** Accounts by number (testing/account.ts): pair `n` is account `n` and account `n + accounts / 2`. */
  accounts: number
  /** A direct convo for each pair. */
  convoIds: readonly string[]
  /** For each account where its log stands. */
  cursors: readonly string[]
}

/** A closed loop: each connection has one request on its way, and sends the next when it has been answered. */
export interface LoadPlan {
  port: number
  audience: Did
  stage: Stage
  mix: Mix
  /** Items in a page or a list. Default 50. */
  limit?: number
  inFlight: number
  /** Whether as many people take part as there are connections, the first of each pair. Default false: all accounts do. */
  onePersonEach?: boolean
  durationMs: number
  /** Every request has a token of its own, signed before the clock starts. When they are used up, it is over. */
  requestsMax: number
  /** Begins the texts of what is sent. */
  label: string
}

export interface LoadResult {
  answered: number
  /** Answers other than 200, by status and error. */
  refused: Record<string, number>
  elapsedMs: number
  perSec: number
  p50Ms: number
  p99Ms: number
  maxMs: number
  /** Seconds of processor time that the client took for each second. */
  clientCpu: number
  /** Ids of the messages that were acknowledged, with the number of their pair. */
  sent: { pair: number; id: string }[]
}
