import type { Did } from '@atcute/lexicons/syntax'
import type { Clock } from './clock.ts'
import type { Records } from './embeds/records.ts'
import type { People } from './people/people.ts'
import type { Store } from './store/store.ts'

/** All that endpoints and verbs may reach. */
export interface Context {
  store: Store
  people: People
  records: Records
  clock: Clock
  /** Accounts younger than this do not create groups; 0 where all do. */
  groupCreatorAgeMs: number
  /** Seven letters and digits, by chance. */
  newJoinCode(): string
  /**
   * Counts conversations that this account is about to bring about: begun by it, joined, or asked to join, and one for
   * everybody that it invites. @throws RateLimitExceeded
   */
  admitNewConvos(did: Did, convos: number): void
  /** Counts a call of this account, for what goes out without one. @throws RateLimitExceeded */
  admitCall(did: Did): void
  /** Notes for moderators that this account exceeded a rate when it called `nsid`. Default: nobody is told. */
  reportRateLimit?(did: Did, nsid: string): Promise<void>
}

/**
 * Counts new convos of `did` from within a work, which may run more than once (store/store.ts): what it counted the
 * time before is not counted again. @throws RateLimitExceeded
 */
export function newConvosCounter(ctx: Context, did: Did): (convos: number) => void {
  let counted = 0
  return convos => {
    if (convos <= counted) return
    ctx.admitNewConvos(did, convos - counted)
    counted = convos
  }
}
