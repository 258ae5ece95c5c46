import { assertWorldIsRight } from '../growth/check-world.ts'
import { filledWith, letGo } from '../growth/fill.ts'
import { type World, worldOfConvos, worldOfMessages } from '../growth/world.ts'
import { LoadClient } from '../load/load-client.ts'
import type { Call } from '../load/plan.ts'
import { contest, contestant, type Run } from '../measure/contest.ts'
import { median } from '../measure/statistics.ts'
import type { Budget, Table } from '../report/findings.ts'
import { rounded } from '../report/print.ts'
import { startOurs } from '../stacks/ours.ts'
import { ownFolder } from '../stacks/own-folder.ts'
import type { Stack } from '../stacks/stack.ts'
import type { Part, PartOptions } from './part.ts'

/** Reads first: what is sent changes what they find. */
const calls: Call[] = ['poll', 'unread', 'list', 'page', 'send']

/** The same questions to the same accounts, in databases that hold ever more besides. */
export const growth: Part = {
  name: 'growth',
  what: 'ours with 10 k, 1 M, 10 M messages; with 10, 1 k, 50 k convos for each account',
  async run(options) {
    const { engine, quick } = options
    const large = engine === 'sqlite' ? [1_000_000, 10_000_000] : [1_000_000]
    const sizes = quick ? [1_000, 4_000] : [10_000, ...large]
    const convoCounts = quick ? [10, 40] : [10, 1_000, 50_000]
    const byMessages = await measure(
      options,
      sizes.map(size => worldOfMessages(size, quick ? 20 : 1000)),
    )
    const byConvos = await measure(
      options,
      convoCounts.map(count => worldOfConvos(count, 20)),
    )
    return {
      part: 'growth',
      engine,
      tables: [table('messages', byMessages), table('convos for each account', byConvos)],
      budgets: [...budgets(byMessages), ...budgets(byConvos)],
      notes: [
        'One request at a time; the p50 of each call, the median of several runs, in turn with the other sizes.',
        'Pages and lists of ten. Unread counts have no budget: they look at up to 300 unread convos, which few have.',
        'SQLite files from 100 000 messages on are kept in the folder for the next run: 4 GB for ten million.',
        'PostgreSQL goes up to 1 M messages, and is filled anew each time.',
      ],
    }
  },
}

type Growth = { name: string; p50Ms: Map<Call, number[]> }[]

async function measure(options: PartOptions, worlds: readonly World[]): Promise<Growth> {
  await using held = new AsyncDisposableStack()
  const { path: own } = held.use(await ownFolder(options.folder, 'growth'))
  const stacks: Stack[] = []
  for (const world of worlds) {
    const { engine, folder } = options
    const filled = await filledWith(world, { engine, folder })
    held.defer(() => letGo(world, filled))
    const { name, accounts } = world
    const stack = held.use(await startOurs({ ...filled, name, engine, folder: own, accounts, messages: 0 }))
    await assertWorldIsRight(stack, world)
    stacks.push(stack)
  }
  await using client = LoadClient.start()
  const growth: Growth = stacks.map(({ name }) => ({ name, p50Ms: new Map() }))
  for (const call of calls) {
    const { rounds, seconds } = options
    const contestants = stacks.map(stack => contestant(client, stack, { mix: { [call]: 1 }, limit: 10 }))
    const runs = await contest(contestants, { inFlight: 1, durationMs: seconds * 1000, rounds }, () => {})
    for (const { name, p50Ms } of growth)
      p50Ms.set(
        call,
        runs.get(name)!.map((run: Run) => run.p50Ms),
      )
  }
  return growth
}

/** In each round against the smallest of that round. */
function growthOf(smallest: readonly number[], other: readonly number[]): number {
  return median(other.map((value, round) => value / smallest[round]!))
}

function table(what: string, growth: Growth): Table {
  const [smallest] = growth
  const rows = growth.map(({ name, p50Ms }) => [
    name,
    ...calls.flatMap(call => [
      rounded(median(p50Ms.get(call)!)),
      `${growthOf(smallest!.p50Ms.get(call)!, p50Ms.get(call)!).toFixed(2)} ×`,
    ]),
  ])
  return { columns: [what, ...calls.flatMap(call => [`${call} ms`, ''])], rows }
}

function budgets(growth: Growth): Budget[] {
  const [smallest, ...larger] = growth
  const largest = larger.at(-1)!
  const budgeted = calls.filter(call => call !== 'unread')
  return budgeted.map(call => ({
    what: `${call}, p50 with ${largest.name} against ${smallest!.name}`,
    here: growthOf(smallest!.p50Ms.get(call)!, largest.p50Ms.get(call)!),
    must: 1.3,
    stretch: 1.1,
    unit: '×',
    lessIsBetter: true,
  }))
}
