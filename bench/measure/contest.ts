import type { LoadClient } from '../load/load-client.ts'
import type { LoadPlan, LoadResult } from '../load/plan.ts'
import type { Stack } from '../stacks/stack.ts'
import { busySec, usageOf } from './processes.ts'
import { interleaved, median } from './statistics.ts'

export interface Discipline {
  inFlight: number
  /** Of each run. */
  durationMs: number
  rounds: number
}

export interface RunPlan extends Omit<Discipline, 'rounds'> {
  /** Tells this run from others of the same contestant. */
  label: string
  requestsMax: number
}

/** Somebody who can be put under load. */
export interface Contestant {
  name: string
  /** Of its servers. */
  pids: readonly number[]
  /** Whatever is not to be measured. */
  prepare(plan: RunPlan): Promise<void>
  run(): Promise<LoadResult>
}

type Load = Pick<LoadPlan, 'mix' | 'limit' | 'onePersonEach'>

/** A server that speaks our methods, and what its clients do. */
export function contestant(client: LoadClient, stack: Stack, load: Load): Contestant {
  const { name, pids, port, did: audience, stage } = stack
  return {
    name,
    pids,
    prepare: plan => client.prepare({ ...load, ...plan, port, audience, stage }),
    run: () => client.run(),
  }
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

/** Runs all contestants in turn. What was acknowledged goes to `onSent`, by the contestant's name. */
export async function contest(
  contestants: readonly Contestant[],
  discipline: Discipline,
  onSent: (name: string, sent: LoadResult['sent']) => void,
): Promise<Map<string, Run[]>> {
  const runs = new Map<string, Run[]>(contestants.map(({ name }) => [name, []]))
  const rates = new Map<string, number>()
  const { inFlight, durationMs, rounds } = discipline

  async function runOnce(
    one: Contestant,
    label: string,
    of: { durationMs: number; rate: number },
  ): Promise<Run> {
    const requestsMax = Math.ceil((of.rate * 1.5 * of.durationMs) / 1000) + inFlight
    await one.prepare({ inFlight, durationMs: of.durationMs, label, requestsMax })
    const { run, sent } = await measured(one)
    onSent(one.name, sent)
    return run
  }

  for (const [turn, one] of interleaved(contestants, rounds).entries()) {
    // The first run warms the server up, and tells how many tokens the next ones will need.
    const rate =
      rates.get(one.name) ??
      (await runOnce(one, 'warm-up', { durationMs: durationMs / 2, rate: 2000 })).perSec
    const run = await runOnce(one, `run ${turn}`, { durationMs, rate })
    rates.set(one.name, Math.max(rate, run.perSec))
    runs.get(one.name)!.push(run)
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

async function measured({ pids, run }: Contestant): Promise<{ run: Run; sent: LoadResult['sent'] }> {
  const [before, busyBefore] = [usageOf(pids), busySec()]
  const own = process.cpuUsage()
  const { sent, refused: _, ...result } = await run()
  const [after, busyAfter] = [usageOf(pids), busySec()]
  const { user, system } = process.cpuUsage(own)
  const seconds = result.elapsedMs / 1000
  const serverCpu = (after.cpuSec - before.cpuSec) / seconds
  const measuring = result.clientCpu + (user + system) / 1e6 / seconds
  const otherCpu = Math.max(0, (busyAfter - busyBefore) / seconds - serverCpu - measuring)
  const writtenBytesPerCall = (after.writtenBytes - before.writtenBytes) / result.answered
  return { run: { ...result, serverCpu, otherCpu, writtenBytesPerCall }, sent }
}
