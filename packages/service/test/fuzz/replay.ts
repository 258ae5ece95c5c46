import { call } from './call.ts'
import { brokenInvariants } from './invariants.ts'
import { officialMethod } from './lexicon.ts'
import { flawsOf } from './oracle.ts'
import { populate } from './population.ts'
import type { Finding, Round } from './round.ts'
import { World } from './world.ts'
import { readRequest, type WrittenRequest } from './written-request.ts'

/** Kept cases, each in a world of its own. */
export async function replay(
  kept: readonly WrittenRequest[],
  { endpoints, desk, inspect }: Pick<Round, 'endpoints' | 'desk' | 'inspect'>,
): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const written of kept) {
    const world = new World({ endpoints, desk, inspected: await inspect() })
    await populate(world)
    const request = readRequest(written, await world.ids())
    const outcome = await call(world, request)
    const flaws = flawsOf({ method: officialMethod(request.nsid), request, outcome, closely: true })
    for (const flaw of [...flaws, ...(await brokenInvariants(world))])
      findings.push({ nsid: request.nsid, flaw, request: written })
    await world.close()
  }
  return findings
}
