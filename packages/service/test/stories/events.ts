import assert from 'node:assert/strict'
import type { Row } from './held.ts'

/** Rows that one event writes into several logs under different names. */
const sides: Record<string, string> = {
  logIncomingJoinRequest: 'asking',
  logOutgoingJoinRequest: 'asking',
  logWithdrawIncomingJoinRequest: 'withdrawing',
  logWithdrawOutgoingJoinRequest: 'withdrawing',
}

/** One rev is one event, in whosever log it stands (ARCHITECTURE.md, what always holds). */
export class Events {
  readonly #seen = new Map<string, string>()

  add(row: Row): void {
    const type = row.$type.split('#')[1]!
    const event = `${row.convoId} ${sides[type] ?? type}`
    const before = this.#seen.get(row.rev)
    this.#seen.set(row.rev, event)
    // A group that ends sends away who waits for it: its owner's leaving is their withdrawing.
    const isEnd = new Set([before, event]).isSubsetOf(
      new Set([`${row.convoId} logLeaveConvo`, `${row.convoId} withdrawing`]),
    )
    assert.ok(before === undefined || before === event || isEnd, `one rev is two events: ${before}, ${event}`)
    if (isAboutItself(type)) assertOwnRev(row)
  }
}

function isAboutItself(type: string): boolean {
  return !/Read|Reaction|logDeleteMessage/.test(type)
}

/** What is new is called by the rev that brought it. */
function assertOwnRev(row: Row & { message?: { id: string } }): void {
  assert.ok(!row.message || row.message.id === row.rev, 'a new message and its row have not the same rev')
}
