import { hash } from 'node:crypto'
import { boundedCache } from '../bounded-cache.ts'
import { AppError } from '../errors.ts'
import { replayTokensMax } from '../limits.ts'

/** Sees to it that a token is used once. */
export interface ReplayGuard {
  /** Refuses with `JwtReplayed` what was admitted before. */
  admit(token: { issuer: string; jti: string | undefined }): void
}

/** Remembers within one process; the oldest tokens are forgotten first when there are more than `replayTokensMax`. */
export function createReplayGuard(): ReplayGuard {
  const used = boundedCache<string, true>(replayTokensMax)
  return {
    admit({ issuer, jti }) {
      if (jti === undefined)
        throw new AppError('BadJwt', 'jwt carries no "jti"; this service needs one to admit it once')
      // As a hash, because a signer makes its id as long as a token may be.
      const token = hash('sha256', `${issuer} ${jti}`, 'base64url')
      if (used.has(token)) throw new AppError('JwtReplayed', 'jwt was used before; ask for a new one')
      used.set(token, true)
    },
  }
}

/** Replay protection switched off: a token serves until it expires, as with the official service. */
export const noReplayGuard: ReplayGuard = { admit() {} }
