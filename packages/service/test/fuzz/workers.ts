import { Worker } from 'node:worker_threads'
import { callsPerRound, type RoundReport } from './round.ts'
import { add } from './tally.ts'
import type { Share } from './worker.ts'

/** The rounds of `fuzz`, shared among as many threads. */
export async function fuzzInParallel({ seed, callsPerMethod }: Share, threads: number): Promise<RoundReport> {
  const rounds = Math.ceil(callsPerMethod / callsPerRound)
  const reports = await Promise.all(
    Array.from({ length: threads }, (_, thread) => {
      const [first, end] = [thread, thread + 1].map(share => Math.floor((rounds * share) / threads))
      return work({ seed: seed + first!, callsPerMethod: (end! - first!) * callsPerRound })
    }),
  )
  const tallies: RoundReport['tallies'] = new Map()
  for (const report of reports) add(tallies, report.tallies)
  return { findings: reports.flatMap(({ findings }) => findings), tallies }
}

function work(share: Share): Promise<RoundReport> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: share })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', code => reject(new Error(`a worker ended with ${code} before it reported`)))
  })
}
