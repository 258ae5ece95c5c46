/** Loaded before the service, to see what more subscriptions cost than its limits allow. */

import { openModEvents } from '../../packages/service/src/limits.ts'

Object.assign(openModEvents, { perAccountMax: 20_000, totalMax: 20_000 })
