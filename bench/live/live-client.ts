import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Order, Report } from '../load/client-orders.ts'
import type { LivePlan, LiveResult } from './plan.ts'

const timeoutMs = 120_000

/** Runs a plan in a process apart from the service. */
export async function runLive(plan: LivePlan): Promise<LiveResult> {
  const child = fork(fileURLToPath(new URL('client-program.ts', import.meta.url)))
  const order = async (what: Order<LivePlan>) => {
    const answered = once(child, 'message', { signal: AbortSignal.timeout(timeoutMs) })
    child.send(what)
    const [report] = (await answered) as [Report<LiveResult>]
    if (typeof report === 'object' && 'failure' in report) throw new Error(report.failure)
    return report
  }
  try {
    await order({ prepare: plan })
    const { result } = (await order('run')) as { result: LiveResult }
    return result
  } finally {
    // It ends when nobody speaks to it any more.
    child.disconnect()
    await once(child, 'exit')
  }
}
