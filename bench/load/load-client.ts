import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Order, Report } from './client-orders.ts'
import type { LoadPlan, LoadResult } from './plan.ts'

/** Far more than any order takes. A message that a server has lost would be waited for, for good. */
const orderTimeoutMs = 180_000

/** Clients in a process apart from the servers. One plan at a time. */
export class LoadClient<Plan = LoadPlan> implements AsyncDisposable {
  readonly #child: ChildProcess
  /** Rejects when the process ends. */
  readonly #gone: Promise<never>

  static start(): LoadClient {
    return LoadClient.of<LoadPlan>(new URL('client-program.ts', import.meta.url))
  }

  /** Other clients than ours: a program that takes such plans (client-orders.ts). */
  static of<Plan>(program: URL): LoadClient<Plan> {
    return new LoadClient<Plan>(fork(fileURLToPath(program)))
  }

  private constructor(child: ChildProcess) {
    this.#child = child
    this.#gone = once(child, 'exit').then(() => {
      throw new Error('the load client has ended')
    })
    // Its end is no news while nothing is asked of it.
    this.#gone.catch(() => {})
  }

  /** Signs what `run` will send. */
  async prepare(plan: Plan): Promise<void> {
    await this.#order({ prepare: plan })
  }

  /** Throws where any answer was another than 200: such a run measures something else. */
  async run(): Promise<LoadResult> {
    const report = await this.#order('run')
    const { result } = report as { result: LoadResult }
    const refused = Object.entries(result.refused)
    if (refused.length === 0) return result
    throw new Error(
      `the load was refused: ${refused.map(([what, count]) => `${count} × ${what}`).join('; ')}`,
    )
  }

  async #order(order: Order<Plan>): Promise<Report> {
    const answered = once(this.#child, 'message', { signal: AbortSignal.timeout(orderTimeoutMs) })
    this.#child.send(order)
    const [report] = (await Promise.race([answered, this.#gone])) as [Report]
    if (typeof report === 'object' && 'failure' in report) throw new Error(report.failure)
    return report
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    // It ends when nobody speaks to it any more.
    this.#child.disconnect()
    await once(this.#child, 'exit')
  }
}
