import type { Outcome } from './call.ts'

/** What came of the calls of one method. */
export interface Tally {
  calls: number
  /** By the name of the refusal; `answered` for none. */
  outcomes: Record<string, number>
}

/** By NSID. */
export type Tallies = Map<string, Tally>

export function noCalls(): Tally {
  return { calls: 0, outcomes: {} }
}

export function count(tally: Tally, { answer, text }: Outcome): void {
  const outcome = answer?.status === 200 ? 'answered' : (/"error":"([A-Za-z]+)"/.exec(text)?.[1] ?? 'thrown')
  tally.calls += 1
  tally.outcomes[outcome] = (tally.outcomes[outcome] ?? 0) + 1
}

export function add(totals: Tallies, more: Tallies): void {
  for (const [nsid, { calls, outcomes }] of more) {
    const total = totals.get(nsid) ?? noCalls()
    total.calls += calls
    for (const [name, times] of Object.entries(outcomes))
      total.outcomes[name] = (total.outcomes[name] ?? 0) + times
    totals.set(nsid, total)
  }
}

/** How often each method was answered and refused, and by which names. */
export function describeTallies(tallies: Tallies): string[] {
  return [...tallies].map(([nsid, { outcomes }]) => {
    const counts = Object.entries(outcomes).sort(([, a], [, b]) => b - a)
    return `${nsid}: ${counts.map(([name, times]) => `${times} ${name}`).join(', ')}`
  })
}
