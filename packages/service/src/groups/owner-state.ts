import type { Did } from '@atcute/lexicons/syntax'
import type { People } from '../people/people.ts'
import type { OwnerState } from '../policy/may-group.ts'
import type { GroupConvo } from '../store/rows.ts'
import type { Transaction } from '../store/transaction.ts'

/**
 * Which of these owners are gone, asked before the transaction. What is shown to members and what they may do follows
 * from the same answer; one who is not known to be gone is there.
 */
export async function askWhoIsGone(
  people: People,
  caller: Did,
  owners: readonly Did[],
): Promise<ReadonlySet<Did>> {
  if (owners.length === 0) return new Set()
  const shown = await people.show(caller, owners)
  return new Set(owners.filter(owner => owner !== caller && shown.get(owner)?.person === 'gone'))
}

/** The owner's account must be in the transaction's scope. Who owns a group and calls needs no asking: they are there. */
export function ownerState(
  tx: Transaction,
  { owner }: GroupConvo,
  gone: ReadonlySet<Did> = new Set(),
): OwnerState {
  return { gone: gone.has(owner), disabled: tx.account(owner).chatDisabled }
}
