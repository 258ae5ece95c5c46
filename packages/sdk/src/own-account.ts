import type { CallOptions } from './chat/method.ts'
import type { ArgsOf, MethodSchema, OutputOf } from './lexicon.ts'
import type { Session } from './login.ts'

/** What layer 2 needs of the account itself, beyond its conversations. */
export interface OwnAccount {
  session(): Session | undefined
  /** Milliseconds by which the servers' clock is ahead of ours, as far as is known. */
  aheadMs(): number
  /** A call that the account's own PDS answers, whatever proxy the client has. */
  atPds<S extends MethodSchema>(method: S, args: ArgsOf<S>, options?: CallOptions): Promise<OutputOf<S>>
}
