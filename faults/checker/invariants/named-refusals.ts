import type { Evidence } from '../evidence.ts'

/** What a service under kills may say. */
export const passingRefusals = ['ServiceUnavailable', 'UpstreamFailure']

/** Nobody is refused but for a reason that has a name, and that passes. Broken by: whatever ends in a 500. */
export function* namedRefusals(evidence: Evidence): Iterable<string> {
  for (const { invoke, outcome } of evidence.calls) {
    if (outcome?.kind === 'refused' && !passingRefusals.includes(outcome.error!))
      yield `${invoke.op} by ${invoke.account} was refused with ${outcome.error} (call ${invoke.call})`
  }
}
