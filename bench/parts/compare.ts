import { assertAllThere } from '../load/find-sent.ts'
import { LoadClient } from '../load/load-client.ts'
import type { LoadResult, Mix } from '../load/plan.ts'
import { contest, contestant, isDisturbed, medianOf, type Run, ratioOf } from '../measure/contest.ts'
import type { Table } from '../report/findings.ts'
import { rounded } from '../report/print.ts'
import type { Stack } from '../stacks/stack.ts'
import type { PartOptions } from './part.ts'

/** Runs of every contestant, by how many requests were on their way at once. */
export type Comparison = Map<number, Map<string, Run[]>>

/** How many requests are on their way at once, and of those the ones that the budgets speak of. */
export function loadsOf({ quick }: PartOptions): { all: number[]; many: number[] } {
  return quick ? { all: [4], many: [4] } : { all: [1, 32, 128], many: [32, 128] }
}

/** Lets all contestants do the same, and looks afterwards whether what they acknowledged is there. */
export async function compare(
  stacks: readonly Stack[],
  mix: Mix,
  options: PartOptions,
  inFlights: readonly number[] = loadsOf(options).all,
): Promise<Comparison> {
  const { rounds, seconds } = options
  await using client = LoadClient.start()
  const contestants = stacks.map(stack => contestant(client, stack, { mix }))
  const sent = new Map<string, LoadResult['sent']>(stacks.map(({ name }) => [name, []]))
  const found: Comparison = new Map()
  for (const inFlight of inFlights) {
    const runs = await contest(contestants, { inFlight, durationMs: seconds * 1000, rounds }, (name, ids) => {
      for (const id of ids) sent.get(name)!.push(id)
    })
    found.set(inFlight, runs)
  }
  for (const stack of stacks) await assertAllThere(stack, sent.get(stack.name)!)
  return found
}

export function ratio(found: Comparison, inFlight: number, name: string, to: string): number {
  const runs = found.get(inFlight)!
  return ratioOf(runs.get(name)!, runs.get(to)!)
}

export function figure(
  found: Comparison,
  inFlight: number,
  name: string,
  value: (run: Run) => number,
): number {
  return medianOf(found.get(inFlight)!.get(name)!, value)
}

/**
 * A line for each contestant and load, compared to those that are named. A star: somebody else was using the machine
 * all the time.
 */
export function comparisonTable(title: string, found: Comparison, ...comparedTo: readonly string[]): Table {
  const columns = [
    title,
    'in flight',
    'per second',
    ...comparedTo.map(other => `÷ ${other}`),
    'p50 ms',
    'p99 ms',
    'server CPU',
    'client CPU',
    'written B/call',
  ]
  const rows = [...found].flatMap(([inFlight, byName]) =>
    [...byName].map(([name, runs]) => {
      const value = (of: (run: Run) => number) => rounded(medianOf(runs, of))
      return [
        name,
        inFlight,
        `${value(run => run.perSec)}${isDisturbed(runs) ? '*' : ''}`,
        ...comparedTo.map(other => ratio(found, inFlight, name, other).toFixed(2)),
        value(run => run.p50Ms),
        value(run => run.p99Ms),
        value(run => run.serverCpu),
        value(run => run.clientCpu),
        value(run => run.writtenBytesPerCall),
      ]
    }),
  )
  return { columns, rows }
}
