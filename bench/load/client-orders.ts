import type { LoadResult } from './plan.ts'

/** What a client in a process of its own is told, and what it answers. */
export type Order<Plan> = { prepare: Plan } | 'run'
export type Report<Result = LoadResult> = 'prepared' | { result: Result } | { failure: string }

/** In the client: follows orders. `prepare` does all that is not to be measured. */
export function followOrders<Plan, Result = LoadResult>(
  prepare: (plan: Plan) => Promise<() => Promise<Result>>,
): void {
  let run: (() => Promise<Result>) | undefined

  async function follow(order: Order<Plan>): Promise<Report<Result>> {
    if (order === 'run') return { result: await run!() }
    run = await prepare(order.prepare)
    return 'prepared'
  }

  // Whatever connections are still open.
  process.on('disconnect', () => process.exit())
  process.on('message', (order: Order<Plan>) => {
    follow(order).then(
      report => process.send!(report),
      error => process.send!({ failure: String(error) }),
    )
  })
}
