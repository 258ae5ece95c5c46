import { logFault } from '../logger.ts'
import type { Edge, Trace } from './edge.ts'
import { type ErrorResponse, errorResponse } from './error-response.ts'
import { RateLimitExceeded } from './rate-limit.ts'
import { createRateLimitReports } from './rate-limit-reports.ts'

/** What went wrong as the caller is to see it. */
export type Refuse = (cause: unknown, trace: Trace) => ErrorResponse

/** The one exit for whatever goes wrong: what is ours to mend goes to the log, an exceeded rate to moderators. */
export function createRefusals({ context, clock, logger }: Edge): Refuse {
  const reportRateLimit = createRateLimitReports({ context, clock, logger })

  return (cause, trace) => {
    const refusal = errorResponse(cause)
    if (refusal.status >= 500 && refusal.status !== 501) logFault(logger, trace.requestId, cause)
    if (cause instanceof RateLimitExceeded) reportRateLimit(trace)
    return refusal
  }
}
