import type { Did } from '@atcute/lexicons/syntax'

/** Who is calling, as the service token proves it. */
export interface Caller {
  /** The account: the token's `iss` without a `#fragment`. */
  did: Did
}
