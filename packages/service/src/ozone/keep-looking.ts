import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../logger.ts'
import type { Look } from './look.ts'

/** How long a press of a button waits at most; to Ozone a look is two queries that mostly find nothing. */
const pauseMs = 3_000

/** Who is down is asked less and less often, and not found up again too late. */
const pauseMaxMs = 60_000

/** Looks again and again until `signal`. Never throws: what fails is logged and tried again. */
export async function keepLooking(look: Look, logger: Logger, signal: AbortSignal): Promise<void> {
  let failures = 0
  while (!signal.aborted) {
    try {
      await look(signal)
      if (failures > 0) logger.info('all is carried out again')
      failures = 0
    } catch (err) {
      if (signal.aborted) return
      failures += 1
      logger.warn({ err }, 'not carried out; will be tried again')
    }
    const waitMs = Math.min(pauseMs * 2 ** Math.max(0, failures - 1), pauseMaxMs)
    await sleep(waitMs, undefined, { signal }).catch(() => {})
  }
}
