import { createHash } from 'node:crypto'
import type { Did } from '@atcute/lexicons/syntax'
import { testAccount } from '@parley/testing/account.ts'

/** A direct convo as it has come to be: who, and how much was said. Its first member opened it. */
export interface ConvoPlan {
  members: readonly [Did, Did]
  messages: number
}

/** What a database holds before its growth is felt. */
export interface World {
  name: string
  /** With real keys; pair `n` is account `n` and `n + accounts / 2`. */
  accounts: number
  convos: ConvoPlan[]
  /** Where among `convos` that of pair 0 stands; the others follow. */
  firstOfPairs: number
}

/** In the convo of a pair at least, in every world: what a page shows. */
export const messagesOfPair = 20

const messagesOfOthers = 100

/**
 * So many messages in all: in the convos of the pairs, which grow deeper, and in those of ever more accounts that
 * nobody here signs for.
 */
export function worldOfMessages(total: number, accounts: number): World {
  const deep = Math.max(messagesOfPair, Math.floor(total / 4 / (accounts / 2)))
  const others = Math.max(0, Math.floor((total - (deep * accounts) / 2) / messagesOfOthers))
  const convos = Array.from({ length: others }, (_, number): ConvoPlan => {
    // Each of them writes to a few.
    const [low, high] = [Math.floor(number / 3), others + (number % Math.ceil(others / 2 + 3))]
    return { members: [stranger(low), stranger(high)], messages: messagesOfOthers }
  })
  return {
    name: `${total} messages`,
    accounts,
    convos: [...convos, ...convosOfPairs(accounts, deep)],
    firstOfPairs: others,
  }
}

/** So many convos for each account: one with its pair, and the others with one message by a stranger each. */
export function worldOfConvos(perAccount: number, accounts: number): World {
  const others = accounts * (perAccount - 1)
  const dids = Array.from({ length: accounts }, (_, number) => testAccount(number).did)
  const convos = Array.from({ length: others }, (_, number): ConvoPlan => {
    return { members: [stranger(Math.floor(number / accounts)), dids[number % accounts]!], messages: 1 }
  })
  return {
    name: `${perAccount} convos`,
    accounts,
    convos: [...convos, ...convosOfPairs(accounts, messagesOfPair)],
    firstOfPairs: others,
  }
}

function convosOfPairs(accounts: number, messages: number): ConvoPlan[] {
  const dids = Array.from({ length: accounts }, (_, number) => testAccount(number).did)
  return Array.from({ length: accounts / 2 }, (_, pair) => ({
    members: [dids[pair]!, dids[pair + accounts / 2]!],
    messages,
  }))
}

/** An account that nobody here signs for. */
function stranger(number: number): Did {
  const hex = createHash('sha256').update(`stranger ${number}`).digest('hex')
  return `did:plc:${hex.slice(0, 24).replace(/[0189]/g, digit => 'wxyz'[Number(digit) % 4]!)}`
}
