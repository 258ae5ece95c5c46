import type { Did } from '@atcute/lexicons/syntax'

/** Who is calling, as the service token proves it. */
export interface Caller {
  /** The account: the token's `iss`. An issuer with a `#fragment` is a service and no caller. */
  did: Did
}
