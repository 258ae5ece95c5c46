import type { Did } from '@atcute/lexicons/syntax'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import { jwtClockAheadMaxSec, jwtExpiredLeewaySec, jwtLifetimeMaxSec } from '../limits.ts'
import type { Identity, KeyName, SigningKey } from '../people/identity.ts'
import type { TokenBearer } from './caller.ts'
import type { ReplayGuard } from './replay.ts'
import { type Claims, type Header, isString, readServiceJwt, type ServiceJwt } from './service-jwt.ts'
import { curveOfAlgorithm, type SignatureVerifier } from './signature.ts'

export interface ServiceJwtVerifierOptions {
  identity: Identity
  signatures: SignatureVerifier
  replay: ReplayGuard
  clock: Clock
  /** The DIDs this service answers to. A token may name one bare or followed by `#bsky_chat`. */
  audiences: readonly Did[]
}

export interface ServiceJwtVerifier {
  /**
   * Who calls method `nsid` with these `Authorization` headers (behaviour.md 1.3). With `labelers`, an account may
   * also call as the labeler it runs: as `did#atproto_labeler`, signed by its `#atproto_label` key. `signedBy` is the
   * key that somebody in this process has verified that very token with: its signature need not be verified again.
   * Refuses with AuthMissing, BadJwt, BadJwtType, BadJwtAudience, BadJwtIss, BadJwtLexiconMethod, BadJwtSignature,
   * JwtExpired, JwtReplayed.
   */
  verify(authorization: readonly string[], nsid: string, options?: VerifyOptions): Promise<TokenBearer>
}

export interface VerifyOptions {
  labelers?: boolean
  signedBy?: SigningKey | undefined
}

/** Who signed, as the token says, and with which of its keys. */
export interface Issuer {
  did: Did
  key: KeyName
}

interface Proof {
  /** That of the token's algorithm. */
  curve: SigningKey['curve']
  signedBy: SigningKey | undefined
}

export function createServiceJwtVerifier(options: ServiceJwtVerifierOptions): ServiceJwtVerifier {
  const { identity, signatures, replay, clock } = options
  const audiences = new Set<string>(options.audiences.flatMap(did => [did, `${did}#bsky_chat`]))

  return {
    async verify(authorization, nsid, { labelers = false, signedBy } = {}) {
      const jwt = readServiceJwt(authorization)
      const curve = checkHeader(jwt.header)
      checkTimes(jwt.claims, clock.now() / 1000)
      if (!audiences.has(jwt.claims.aud)) {
        throw new AppError('BadJwtAudience', 'jwt audience does not match service did')
      }
      checkMethod(jwt.claims.lxm, nsid)
      const issuer = issuerOf(jwt.claims.iss, labelers)
      await checkSignature(jwt, issuer, { curve, signedBy })
      replay.admit({ issuer: jwt.claims.iss, jti: jwt.claims.jti })
      return { did: issuer.did, untilMs: (jwt.claims.exp + jwtExpiredLeewaySec) * 1000 }
    },
  }

  /** A key that does not fit may be one that was rotated: the network is asked once more before the token is refused. */
  async function checkSignature(jwt: ServiceJwt, { did, key }: Issuer, proof: Proof): Promise<void> {
    const known = await identity.signingKey(did, { key })
    if (known !== undefined && isSignedBy(known)) return
    const fresh = await identity.signingKey(did, { key, refresh: true })
    if (fresh === undefined) throw new AppError('BadJwtSignature', 'no signing key found for jwt issuer')
    if (known !== undefined && sameKey(known, fresh)) throw signatureMismatch()
    if (!isSignedBy(fresh)) throw signatureMismatch()

    function isSignedBy(candidate: SigningKey): boolean {
      if (candidate.curve !== proof.curve) return false
      if (proof.signedBy !== undefined && sameKey(candidate, proof.signedBy)) return true
      return signatures.verify(candidate, jwt.signed, jwt.signature)
    }
  }
}

function signatureMismatch(): AppError {
  return new AppError('BadJwtSignature', 'jwt signature does not match jwt issuer')
}

function sameKey(a: SigningKey, b: SigningKey): boolean {
  return a.curve === b.curve && Buffer.compare(a.bytes, b.bytes) === 0
}

/** The curve that the token's algorithm signs with. */
function checkHeader(header: Header): SigningKey['curve'] {
  // Access tokens, refresh tokens and DPoP proofs are JWTs too, signed for other purposes.
  if (header.typ !== undefined && !(isString(header.typ) && header.typ.toUpperCase() === 'JWT')) {
    throw new AppError('BadJwtType', 'jwt type is not that of a service token')
  }
  // RFC 7515 4.1.11: who does not understand what `crit` lists must refuse.
  if (header.crit !== undefined) throw new AppError('BadJwt', 'jwt header "crit" is not supported')
  if (header.alg === 'ES256K' || header.alg === 'ES256') return curveOfAlgorithm[header.alg]
  throw new AppError('BadJwt', 'jwt algorithm must be ES256K or ES256')
}

function checkTimes({ exp, nbf, iat }: Claims, now: number): void {
  if (exp + jwtExpiredLeewaySec < now) throw new AppError('JwtExpired', 'jwt expired')
  if (exp > now + jwtLifetimeMaxSec) throw new AppError('BadJwt', 'jwt expires more than an hour from now')
  if (nbf !== undefined && nbf > now + jwtClockAheadMaxSec)
    throw new AppError('BadJwt', 'jwt is not valid yet ("nbf")')
  if (iat !== undefined && iat > now + jwtClockAheadMaxSec)
    throw new AppError('BadJwt', 'jwt was issued in the future ("iat")')
}

/** Without `lxm` a token would serve for any method; a plain app password can get such a one (behaviour.md 1.3). */
function checkMethod(lxm: string | undefined, nsid: string): void {
  if (lxm === nsid) return
  const what = lxm === undefined ? 'missing' : 'bad'
  throw new AppError('BadJwtLexiconMethod', `${what} jwt lexicon method ("lxm"). must match: ${nsid}`)
}

const plcDid = /^did:plc:[a-z2-7]{24}$/
const webDid = /^did:web:[a-z0-9.-]{1,253}(?:%3A[0-9]{1,5})?$/

const labelerFragment = '#atproto_labeler'

/** Only bare DIDs are accounts; `did#fragment` is a service that somebody runs (behaviour.md 1.3). */
export function issuerOf(iss: string, labelers: boolean): Issuer {
  const isLabeler = labelers && iss.endsWith(labelerFragment)
  const did = isLabeler ? iss.slice(0, -labelerFragment.length) : iss
  if (plcDid.test(did) || webDid.test(did))
    return { did: did as Did, key: isLabeler ? 'atproto_label' : 'atproto' }
  throw new AppError('BadJwtIss', 'jwt issuer is not the did:plc or did:web of an account')
}
