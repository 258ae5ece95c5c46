/** Senders at a steady pace, and everybody's live streams, in a process of their own. */

import { setTimeout as sleep } from 'node:timers/promises'
import { type TestAccount, testAccount } from '@parley/testing/account.ts'
import { RawConnection } from '@parley/testing/raw-connection.ts'
import { followOrders } from '../load/client-orders.ts'
import { type PreparedRequest, prepareRequests } from '../load/requests.ts'
import { quantile } from '../measure/statistics.ts'
import type { LivePlan, LiveResult } from './plan.ts'
import { Streams } from './streams.ts'

/** Enough for the pace, as long as a send takes less than half a second. */
const connectionsMax = 512

/** Sends that are not measured: caches and compilers warm up. */
const warmUpMs = 1000

const accounts: TestAccount[] = []

followOrders<LivePlan, LiveResult>(async plan => {
  for (let number = accounts.length; number < plan.stage.accounts; number++)
    accounts.push(testAccount(number))
  const { sendsPerSec, durationMs } = plan
  const requestsMax = Math.ceil((sendsPerSec * (warmUpMs + durationMs)) / 1000)
  const load = { ...plan, mix: { send: 1 }, inFlight: 1, requestsMax, label: 'live' }
  const requests = prepareRequests(load, accounts)
  const streams = new Streams()
  await streams.open(plan, accounts)
  return () => run(plan, requests, streams)
})

async function run(
  plan: LivePlan,
  requests: readonly PreparedRequest[],
  streams: Streams,
): Promise<LiveResult> {
  const idle = await Promise.all(Array.from({ length: connectionsMax }, () => RawConnection.open(plan.port)))
  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()
  streams.measureFrom(performance.timeOrigin + startedAt + warmUpMs)
  const underWay: Promise<void>[] = []
  for (const [number, { bytes }] of requests.entries()) {
    const dueMs = (number * 1000) / plan.sendsPerSec - (performance.now() - startedAt)
    if (dueMs > 1) await sleep(dueMs)
    const connection = idle.pop()
    if (!connection)
      throw new Error(`${connectionsMax} sends are under way: the service does not keep the pace`)
    underWay.push(
      connection.send(bytes).then(({ status, body }) => {
        if (status !== 200) throw new Error(`a send was refused: ${status} ${body.slice(0, 200)}`)
        idle.push(connection)
      }),
    )
  }
  await Promise.all(underWay)
  const elapsedMs = performance.now() - startedAt
  // Each send is a message for both of its members.
  while (streams.messages < 2 * requests.length) await sleep(5)
  const cpu = process.cpuUsage(cpuBefore)
  for (const connection of idle) connection.close()
  streams.close()
  const latencies = streams.latenciesMs
  return {
    sends: requests.length,
    frames: streams.frames,
    messages: streams.messages,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    maxMs: quantile(latencies, 1),
    clientCpu: (cpu.user + cpu.system) / 1000 / elapsedMs,
  }
}
