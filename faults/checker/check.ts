import { Evidence } from './evidence.ts'
import type { Story } from './history.ts'
import { convergence } from './invariants/convergence.ts'
import { everyRowOnce } from './invariants/every-row-once.ts'
import { monotonicReads } from './invariants/monotonic-reads.ts'
import { namedRefusals } from './invariants/named-refusals.ts'
import { nothingLost } from './invariants/nothing-lost.ts'
import { oneOrder } from './invariants/one-order.ts'
import { readYourWrites } from './invariants/read-your-writes.ts'
import { sentOnce } from './invariants/sent-once.ts'
import { unreadCounts } from './invariants/unread-counts.ts'

/** What must hold of every story; yields a sentence for each place where it does not. O(n log n). */
export type Invariant = (evidence: Evidence) => Iterable<string>

export const invariants: Readonly<Record<string, Invariant>> = {
  nothingLost,
  sentOnce,
  oneOrder,
  everyRowOnce,
  readYourWrites,
  monotonicReads,
  convergence,
  unreadCounts,
  namedRefusals,
}

export interface Flaw {
  invariant: string
  text: string
}

/** Everything that is wrong with a story; nothing where every promise was kept. */
export function check(story: Story): Flaw[] {
  const evidence = new Evidence(story)
  return Object.entries(invariants).flatMap(([invariant, hold]) =>
    Array.from(hold(evidence), text => ({ invariant, text })),
  )
}
