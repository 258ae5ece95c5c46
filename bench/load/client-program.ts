/** The clients, in a process of their own: prepares each plan it is given, and runs it when it is told to. */

import { type TestAccount, testAccount } from '@parley/testing/account.ts'
import { runClosedLoop } from './closed-loop.ts'
import type { LoadPlan, LoadResult } from './plan.ts'
import { type PreparedRequest, prepareRequests } from './requests.ts'

export type Order = { prepare: LoadPlan } | 'run'
export type Report = 'prepared' | { result: LoadResult } | { failure: string }

const accounts: TestAccount[] = []
let plan: LoadPlan | undefined
let requests: PreparedRequest[] = []

process.on('message', (order: Order) => {
  follow(order).then(report, error => report({ failure: String(error) }))
})

async function follow(order: Order): Promise<Report> {
  if (order === 'run') return { result: await runClosedLoop(plan!, requests) }
  plan = order.prepare
  for (let number = accounts.length; number < plan.stage.accounts; number++)
    accounts.push(testAccount(number))
  requests = prepareRequests(plan, accounts.slice(0, plan.stage.accounts))
  return 'prepared'
}

function report(report: Report): void {
  process.send!(report)
}
