import { boundedCache } from '../bounded-cache.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import { rateLimitReportIntervalMs, rateLimitReportsMax } from '../limits.ts'
import { type Logger, logFault } from '../logger.ts'
import type { Trace } from './edge.ts'

interface RateLimitReportsOptions {
  context: Context
  clock: Clock
  logger: Logger
}

/**
 * Tells the context which account exceeded a rate with which method, once per `rateLimitReportIntervalMs`.
 * Callers without a token have no account to tell of. Never throws, and begins after the refusal is on its way.
 */
export function createRateLimitReports({ context, clock, logger }: RateLimitReportsOptions) {
  const reportedAtMs = boundedCache<string, number>(rateLimitReportsMax)

  return ({ requestId, nsid, did }: Trace): void => {
    if (did === undefined) return
    const name = `${did} ${nsid}`
    const nowMs = clock.now()
    const lastMs = reportedAtMs.get(name) ?? -Infinity
    // One that is still to come is from before the clock was set back.
    if (lastMs <= nowMs && nowMs - lastMs < rateLimitReportIntervalMs) return
    reportedAtMs.set(name, nowMs)
    setImmediate(async () => {
      try {
        await context.reportRateLimit?.(did, nsid)
      } catch (cause) {
        logFault(logger, requestId, cause)
      }
    })
  }
}
