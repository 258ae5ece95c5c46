import type { Did } from '@atcute/lexicons/syntax'

/** One call that reached a process, from its arrival to its answer, in moments of the scheduler. */
export interface Op {
  did: Did
  /** The method's last name. */
  act: string
  /** Params or input, with ids in the places of names. */
  given: Record<string, unknown>
  began: number
  /** Infinity while it is open. */
  ended: number
  /** `lost` where the process died of it or could not say what came of it: it may have been done. */
  outcome: 'open' | 'done' | 'refused' | 'lost'
  answer: unknown
}

export function isOver(op: Op, before: number): boolean {
  return op.outcome === 'done' && op.ended < before
}

/** It may have taken effect, or may still. */
export function mayBeDone(op: Op): boolean {
  return op.outcome !== 'refused'
}
