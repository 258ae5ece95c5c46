import type { TokenBearer } from '../auth/caller.ts'
import { AppError } from '../errors.ts'
import type { SigningKey } from '../people/identity.ts'
import type { Edge, Trace } from './edge.ts'
import type { Callers } from './endpoint.ts'

/** What a request brings to prove who sends it. */
export interface Credentials {
  /** Every header of that name. */
  authorization: readonly string[]
  /** The key with which the token of that header was verified on its way here, where it was. */
  signedBy?: SigningKey | undefined
}

export interface Applicant extends Credentials {
  /** Whom the method is for. */
  callers: Callers
  /** The method that the token has to name. */
  tokenMethod: string
}

/** Who calls, `undefined` for one without a token where that is allowed. Says so to `trace` before any later refusal. */
export type Admit = (applicant: Applicant, trace: Trace) => Promise<TokenBearer | undefined>

/** The stages that come before anything else of a request is read: who is it, may they call this, and so often? */
export function createAdmission({ tokens, moderators, rateLimiter }: Edge): Admit {
  const moderatorDids = new Set(moderators)

  return async ({ authorization, signedBy, callers, tokenMethod }, trace) => {
    if (callers === 'everybody' && authorization.length === 0) {
      rateLimiter.admitAnonymousCall()
      return undefined
    }
    const forModerators = callers === 'moderators'
    const caller = await tokens.verify(authorization, tokenMethod, { labelers: forModerators, signedBy })
    trace.did = caller.did
    rateLimiter.admitCall(caller.did)
    if (forModerators && !moderatorDids.has(caller.did))
      throw new AppError('Forbidden', 'This method is for the moderators of this service only')
    return caller
  }
}
