import type { Did } from '@atcute/lexicons/syntax'
import { AppError } from '../errors.ts'
import type { OpenMax } from '../limits.ts'

/** Counts what is open of one kind, by account and in all. */
export interface Slots {
  /** Takes a slot until `closed` is aborted. Refuses with RateLimitExceeded, or ServiceUnavailable where all are taken. */
  take(did: Did, closed: AbortSignal): void
}

interface SlotsOptions extends OpenMax {
  /** The kind, in the plural. */
  what: string
}

export function createSlots({ what, perAccountMax, totalMax }: SlotsOptions): Slots {
  const openByAccount = new Map<Did, number>()
  let open = 0

  function give(did: Did, slots: 1 | -1): void {
    open += slots
    const ofAccount = (openByAccount.get(did) ?? 0) + slots
    if (ofAccount === 0) openByAccount.delete(did)
    else openByAccount.set(did, ofAccount)
  }

  return {
    take(did, closed) {
      if (closed.aborted) return
      if ((openByAccount.get(did) ?? 0) >= perAccountMax)
        throw new AppError('RateLimitExceeded', `More than ${perAccountMax} ${what} at once: close one first`)
      if (open >= totalMax) throw new AppError('ServiceUnavailable', `Too many ${what}; try again later`)
      give(did, 1)
      closed.addEventListener('abort', () => give(did, -1), { once: true })
    },
  }
}
