import type { Did } from '@atcute/lexicons/syntax'
import type { AccountKey, InMemoryService } from '@parley/service/in-memory'
import type { FlowingClock } from './flowing-clock.ts'
import { makeAccountKey } from './in-memory-service.ts'

export interface ServiceTokenRequest {
  did: Did
  /** The method that it is for. */
  lxm: string
  /** Seconds since the Unix epoch. Default: a minute from now. */
  exp?: number | undefined
}

/** What a PDS signs for its accounts, with a key of each. */
export class ServiceTokens {
  readonly #service: InMemoryService
  readonly #clock: FlowingClock
  readonly #keys = new Map<Did, Promise<AccountKey>>()
  #made = 0

  constructor(service: InMemoryService, clock: FlowingClock) {
    this.#service = service
    this.#clock = clock
  }

  async make({ did, lxm, exp }: ServiceTokenRequest): Promise<string> {
    const key = await this.#keyOf(did)
    const iat = Math.floor(this.#clock.now() / 1000)
    this.#made += 1
    const claims = {
      iat,
      exp: exp ?? iat + 60,
      iss: did,
      aud: this.#service.did,
      lxm,
      jti: String(this.#made),
    }
    const signed = `${encode({ typ: 'JWT', alg: 'ES256K' })}.${encode(claims)}`
    const signature = await key.sign(Buffer.from(signed))
    return `${signed}.${Buffer.from(signature).toString('base64url')}`
  }

  #keyOf(did: Did): Promise<AccountKey> {
    const key = this.#keys.get(did) ?? this.#makeKey(did)
    this.#keys.set(did, key)
    return key
  }

  async #makeKey(did: Did): Promise<AccountKey> {
    const key = await makeAccountKey()
    this.#service.publishKey(did, key.signingKey)
    return key
  }
}

/** A part of a JWT. */
export function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
