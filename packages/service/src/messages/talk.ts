import type { Did } from '@atcute/lexicons/syntax'
import type { Context } from '../context.ts'
import { askWhoIsGone, ownerState } from '../groups/owner-state.ts'
import { assertEnabled, assertUnlocked } from '../policy/may-group.ts'
import { askAbout, type Counterparts } from '../policy/may-message.ts'
import { othersIn, ownersOf } from '../policy/visible-to.ts'
import type { GroupConvo } from '../store/rows.ts'
import type { Party } from '../store/store.ts'
import type { Transaction } from '../store/transaction.ts'

/** What the network says before somebody writes or reacts. */
export interface Heard {
  /** Of the other sides of direct convos. */
  counterparts: Counterparts
  /** Owners of groups. */
  gone: ReadonlySet<Did>
}

export async function askBeforeTalking(ctx: Context, caller: Did, parties: readonly Party[]): Promise<Heard> {
  const [counterparts, gone] = await Promise.all([
    askAbout(ctx.people, caller, [...new Set(parties.flatMap(party => othersIn(caller, party)))]),
    askWhoIsGone(ctx.people, caller, ownersOf(parties)),
  ])
  return { counterparts, gone }
}

/** Whose accounts decide whether the caller may talk, for the scope of the transaction. */
export function accountsToTalk(caller: Did, parties: readonly Party[]): Did[] {
  return [caller, ...ownersOf(parties)]
}

/** In a group members are not asked about each other: blocks are for clients to act on (behaviour.md 7 (27)). */
export function assertMayTalkInGroup(tx: Transaction, group: GroupConvo, caller: Did, heard: Heard): void {
  assertEnabled(tx.account(caller))
  assertUnlocked(group, ownerState(tx, group, heard.gone))
}
