import type { LoadClient } from '../load/load-client.ts'
import type { LoadResult, Mix } from '../load/plan.ts'
import type { Stack } from '../stacks/stack.ts'
import { busySec, usageOf } from './processes.ts'
import { interleaved, median } from './statistics.ts'

export interface Discipline {
  mix: Mix
  /** As in the plan. */
  limit?: number
  inFlight: number
  /** Of each run. */
  durationMs: number
  rounds: number
}

/** One run of one contestant. */
export interface Run extends Omit<LoadResult, 'sent' | 'refused'> {
  /** Seconds of processor time for each second: of the server, and of whoever has nothing to do with it. */
  serverCpu: number
  otherCpu: number
  writtenBytesPerCall: number
}

/** More than this of somebody else's work, and a run counts only where there are no quieter ones. */
const disturbedCpu = 0.3

/** Runs all contestants in turn. The ids of what was acknowledged go to `onSent`. */
export async function contest(
  client: LoadClient,
  stacks: readonly Stack[],
  discipline: Discipline,
  onSent: (stack: Stack, sent: LoadResult['sent']) => void,
): Promise<Map<string, Run[]>> {
  const runs = new Map<string, Run[]>(stacks.map(({ name }) => [name, []]))
  const rates = new Map<string, number>()
  for (const [turn, stack] of interleaved(stacks, discipline.rounds).entries()) {
    const rate = rates.get(stack.name) ?? (await firstRate(client, stack, discipline, onSent))
    const { run, sent } = await runOnce(client, stack, { ...discipline, label: `run ${turn}`, rate })
    rates.set(stack.name, Math.max(rate, run.perSec))
    runs.get(stack.name)!.push(run)
    onSent(stack, sent)
  }
  return runs
}

/** The median of the quiet ones, of all where none was quiet. */
export function medianOf(runs: readonly Run[], value: (run: Run) => number): number {
  const quiet = runs.filter(({ otherCpu }) => otherCpu <= disturbedCpu)
  return median((quiet.length > 0 ? quiet : runs).map(value))
}

/**
 * How many times as fast one is as another: the median over the rounds, in each of which they ran one soon after the
 * other and so on the same machine, however busy it was.
 */
export function ratioOf(runs: readonly Run[], others: readonly Run[]): number {
  const rounds = runs.map((run, round) => [run, others[round]!] as const)
  const quiet = rounds.filter(pair => pair.every(({ otherCpu }) => otherCpu <= disturbedCpu))
  return median((quiet.length > 0 ? quiet : rounds).map(([run, other]) => run.perSec / other.perSec))
}

export function isDisturbed(runs: readonly Run[]): boolean {
  return runs.every(({ otherCpu }) => otherCpu > disturbedCpu)
}

/** Warms the server up, and tells how many tokens a run will need. */
async function firstRate(
  client: LoadClient,
  stack: Stack,
  discipline: Discipline,
  onSent: (stack: Stack, sent: LoadResult['sent']) => void,
): Promise<number> {
  const warmUp = { ...discipline, durationMs: discipline.durationMs / 2 }
  const { run, sent } = await runOnce(client, stack, { ...warmUp, label: 'warm-up', rate: 2000 })
  onSent(stack, sent)
  return run.perSec
}

async function runOnce(
  client: LoadClient,
  { pids, port, did, stage }: Stack,
  plan: Discipline & { label: string; rate: number },
): Promise<{ run: Run; sent: LoadResult['sent'] }> {
  const { inFlight, durationMs, rate } = plan
  const requestsMax = Math.ceil((rate * 1.5 * durationMs) / 1000) + inFlight
  await client.prepare({ ...plan, port, audience: did, stage, requestsMax })
  const [before, busyBefore] = [usageOf(pids), busySec()]
  const own = process.cpuUsage()
  const { sent, refused: _, ...result } = await client.run()
  const [after, busyAfter] = [usageOf(pids), busySec()]
  const { user, system } = process.cpuUsage(own)
  const seconds = result.elapsedMs / 1000
  const serverCpu = (after.cpuSec - before.cpuSec) / seconds
  const measuring = result.clientCpu + (user + system) / 1e6 / seconds
  const otherCpu = Math.max(0, (busyAfter - busyBefore) / seconds - serverCpu - measuring)
  const writtenBytesPerCall = (after.writtenBytes - before.writtenBytes) / result.answered
  return { run: { ...result, serverCpu, otherCpu, writtenBytesPerCall }, sent }
}
