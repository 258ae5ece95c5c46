import { undeclared } from '../undeclared.ts'
import { officialMethod } from './lexicon.ts'
import type { Tallies } from './tally.ts'

/** Declared refusals that no call has brought about, as `<nsid> <name>`. There is none that calls cannot. */
export function unreachedRefusals(tallies: Tallies): string[] {
  return [...tallies].flatMap(([nsid, { outcomes }]) => {
    const declared = officialMethod(nsid).errors?.map(({ name }) => name) ?? []
    return [...declared, ...(undeclared[nsid] ?? [])]
      .filter(name => !Object.hasOwn(outcomes, name))
      .map(name => `${nsid} ${name}`)
  })
}

/** Methods that answered less than `least` of their calls, and how much. */
export function seldomAnswered(tallies: Tallies, least: number): string[] {
  return [...tallies].flatMap(([nsid, { calls, outcomes }]) => {
    const share = (outcomes.answered ?? 0) / calls
    return share < least ? `${nsid}: ${(share * 100).toFixed(1)} %` : []
  })
}
