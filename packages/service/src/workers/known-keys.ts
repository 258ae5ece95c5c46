import { readServiceJwt, type ServiceJwt } from '../auth/service-jwt.ts'
import type { SignatureVerifier } from '../auth/signature.ts'
import { boundedCache } from '../bounded-cache.ts'
import { preparedKeysMax } from '../limits.ts'
import type { SigningKey } from '../people/identity.ts'

/** What a worker found out of a token. Whether that key is the issuer's, and the token good, the service decides. */
export interface Finding {
  signedBy: SigningKey | undefined
  /** Whose key the worker wants to be told, should the token turn out to be good. */
  asksKeyOf: string | undefined
}

const nothing: Finding = { signedBy: undefined, asksKeyOf: undefined }

/** Verifies signatures on the worker's core with keys that the service told it of, which may be out of date. */
export class KnownKeys {
  readonly #signatures: SignatureVerifier
  readonly #keys = boundedCache<string, SigningKey>(preparedKeysMax)

  constructor(signatures: SignatureVerifier) {
    this.#signatures = signatures
  }

  learn(issuer: string, key: SigningKey): void {
    this.#keys.set(issuer, key)
  }

  /** Never throws. */
  check(authorization: readonly string[]): Finding {
    const jwt = readable(authorization)
    if (jwt === undefined) return nothing
    const { iss } = jwt.claims
    const key = this.#keys.get(iss)
    if (key !== undefined && this.#signatures.verify(key, jwt.signed, jwt.signature))
      return { signedBy: key, asksKeyOf: undefined }
    return { signedBy: undefined, asksKeyOf: iss }
  }
}

function readable(authorization: readonly string[]): ServiceJwt | undefined {
  if (authorization.length === 0) return undefined
  try {
    return readServiceJwt(authorization)
  } catch {
    // The service says what is wrong with it.
    return undefined
  }
}
