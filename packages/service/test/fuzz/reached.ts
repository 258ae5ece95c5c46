import { officialMethod } from './lexicon.ts'
import { undeclared } from './oracle.ts'
import type { Tallies } from './tally.ts'

/** Names that a method's lexicon declares and that no call can bring about, and why. */
const unreachable: ReadonlySet<string> = new Set<string>([])

/** What calls have not brought about although they could: `<nsid> <name>` of the refusal. */
export function unreachedRefusals(tallies: Tallies): string[] {
  return [...tallies].flatMap(([nsid, { outcomes }]) => {
    const declared = officialMethod(nsid).errors?.map(({ name }) => name) ?? []
    return [...declared, ...(undeclared[nsid] ?? [])]
      .filter(name => !Object.hasOwn(outcomes, name))
      .map(name => `${nsid} ${name}`)
      .filter(refusal => !unreachable.has(refusal))
  })
}

/** Methods that answered less than `least` of their calls, and how much. */
export function seldomAnswered(tallies: Tallies, least: number): string[] {
  return [...tallies].flatMap(([nsid, { calls, outcomes }]) => {
    const share = (outcomes.answered ?? 0) / calls
    return share < least ? `${nsid}: ${(share * 100).toFixed(1)} %` : []
  })
}
