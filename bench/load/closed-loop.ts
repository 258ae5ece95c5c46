import { RawConnection } from '@parley/testing/raw-connection.ts'
import { quantile } from '../measure/statistics.ts'
import type { LoadPlan, LoadResult } from './plan.ts'
import type { PreparedRequest } from './requests.ts'

/** Runs a plan whose requests are ready. Throws where a connection breaks: then there is nothing to measure. */
export async function runClosedLoop(
  { port, inFlight, durationMs }: Pick<LoadPlan, 'port' | 'inFlight' | 'durationMs'>,
  requests: readonly PreparedRequest[],
): Promise<LoadResult> {
  const connections = await Promise.all(Array.from({ length: inFlight }, () => RawConnection.open(port)))
  const refused: Record<string, number> = {}
  const acknowledged: { pair: number; body: string }[] = []
  const latenciesMs = new Float64Array(requests.length)
  let [next, answered] = [0, 0]
  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()

  async function work(connection: RawConnection): Promise<void> {
    let sentAt = performance.now()
    while (next < requests.length && sentAt - startedAt < durationMs) {
      const { call, pair, bytes } = requests[next++]!
      const { status, body } = await connection.send(bytes)
      const answeredAt = performance.now()
      latenciesMs[answered++] = answeredAt - sentAt
      sentAt = answeredAt
      if (status !== 200) {
        const what = `${status} ${body.slice(0, 200)}`
        refused[what] = (refused[what] ?? 0) + 1
      } else if (call === 'send') acknowledged.push({ pair, body })
    }
  }

  await Promise.all(connections.map(work))
  const elapsedMs = performance.now() - startedAt
  const cpu = process.cpuUsage(cpuBefore)
  for (const connection of connections) connection.close()
  const latencies = latenciesMs.subarray(0, answered)
  return {
    answered,
    refused,
    elapsedMs,
    perSec: (answered / elapsedMs) * 1000,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    maxMs: quantile(latencies, 1),
    clientCpu: (cpu.user + cpu.system) / 1000 / elapsedMs,
    sent: acknowledged.map(({ pair, body }) => ({ pair, id: (JSON.parse(body) as { id: string }).id })),
  }
}
