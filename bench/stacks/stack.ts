import type { Did } from '@atcute/lexicons/syntax'
import type { Stage } from '../load/plan.ts'

export interface StackOptions {
  /** A folder of its own for what it stores. */
  folder: string
  /** Half of them in direct convos with the other half. */
  accounts: number
  /** In each convo from the beginning; at least one by each member, so that both have it in their lists. */
  messages: number
}

/** A server that answers the methods that are measured, set up and waiting. */
export interface Stack extends AsyncDisposable {
  name: string
  /** All that work for it; what they start counts too. */
  pids: readonly number[]
  port: number
  did: Did
  stage: Stage
}

/** What stands in a convo before anything is measured. Even numbers are the first member's. */
export function firstText(pair: number, number: number): string {
  return `message ${number} of pair ${pair}, of some hundred characters, as people write them: ${'x'.repeat(40)}`
}
