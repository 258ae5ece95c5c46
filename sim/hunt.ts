import { shrink } from '../packages/service/test/stories/shrink.ts'
import type { PlannedDeed } from './plan/plan.ts'
import { type Failure, type SimulateOptions, simulate } from './simulate.ts'

/** Tries of shrinking one plan: a minute or two. */
const shrinkTriesMax = 100

/** The shortest plan found that breaks the same promise, and how it does. */
export interface Found {
  failure: Failure
  plan: PlannedDeed[]
}

/** Shrinks a plan that is known to fail. Each deed has its own dice, so what is left goes on as it went. */
export async function explain(
  plan: readonly PlannedDeed[],
  failure: Failure,
  options: SimulateOptions,
): Promise<Found> {
  const tellFailure = async (shorter: readonly PlannedDeed[]) => {
    const { failure: now } = await simulate([...shorter, lastLook], options)
    return now?.what === failure.what ? now : undefined
  }
  const until = plan.slice(0, failure.step + 1)
  const stillFails = async (shorter: readonly object[]) =>
    (await tellFailure(shorter as PlannedDeed[])) !== undefined
  const shrunk = (await shrink(until, stillFails, shrinkTriesMax)) as PlannedDeed[]
  return { failure: (await tellFailure(shrunk)) ?? failure, plan: shrunk }
}

const lastLook: PlannedDeed = { actor: 0, act: 'quiet', given: { deeds: [] }, ms: 0, dice: -1 }

/** For whoever reads it, and ready to be saved as a file. */
export function describeFound({ failure, plan }: Found, seed: number): string {
  const deeds = plan.map(deed => `  ${JSON.stringify(deed)}`).join(',\n')
  return `${failure.message}
Save it as a file and let it happen again:
  npm run sim -- --seed ${seed} --plan <file>
[
${deeds}
]`
}
