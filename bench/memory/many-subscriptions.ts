/** Loaded before the service, to see what more subscriptions cost than its limits allow. */

import { defaultSubscriptionLimits } from '../../packages/service/src/limits.ts'

Object.assign(defaultSubscriptionLimits, { perAccountMax: 20_000, totalMax: 20_000 })
