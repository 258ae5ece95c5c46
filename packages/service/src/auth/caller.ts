import type { Did } from '@atcute/lexicons/syntax'

/** Who is calling, as the service token proves it. */
export interface Caller {
  /** The account: the token's `iss`; for moderators without the `#atproto_labeler` behind it. */
  did: Did
}

export interface TokenBearer extends Caller {
  /** When their token ends, in milliseconds since the Unix epoch. */
  untilMs: number
}
