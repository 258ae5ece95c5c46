/** The clients of the service, in a process of their own. */

import { type TestAccount, testAccount } from '@parley/testing/account.ts'
import { followOrders } from './client-orders.ts'
import { runClosedLoop } from './closed-loop.ts'
import type { LoadPlan } from './plan.ts'
import { prepareRequests } from './requests.ts'

const accounts: TestAccount[] = []

followOrders<LoadPlan>(async plan => {
  for (let number = accounts.length; number < plan.stage.accounts; number++)
    accounts.push(testAccount(number))
  const requests = prepareRequests(plan, accounts.slice(0, plan.stage.accounts))
  return () => runClosedLoop(plan, requests)
})
