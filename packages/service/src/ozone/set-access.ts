import { randomBytes } from 'node:crypto'
import { type PrivateKey, Secp256k1PrivateKey } from '@atcute/crypto'
import type { Did } from '@atcute/lexicons/syntax'
import type { Clock } from '../clock.ts'
import type { AccessConfig } from './access-config.ts'
import { call } from './call.ts'

export interface AccessChange {
  actor: Did
  allowAccess: boolean
  /** What it goes back to. */
  ref: string
}

/** Tells the chat service who may use it. */
export type SetAccess = (change: AccessChange, signal: AbortSignal) => Promise<void>

const nsid = 'chat.bsky.moderation.updateActorAccess'

/** As other calls of Ozone. */
const tokenLifetimeSec = 60

/** Calls `chat.bsky.moderation.updateActorAccess` in the name of Ozone (behaviour.md 1.3, 2.6). */
export async function createSetAccess(
  config: Pick<AccessConfig, 'chatUrl' | 'chatDid' | 'ozoneDid' | 'signingKey'>,
  clock: Clock,
): Promise<SetAccess> {
  const key = await Secp256k1PrivateKey.importRaw(config.signingKey)
  return async (input, signal) => {
    const iat = Math.floor(clock.now() / 1000)
    const token = await sign(key, {
      iat,
      iss: `${config.ozoneDid}#atproto_labeler`,
      aud: config.chatDid,
      exp: iat + tokenLifetimeSec,
      lxm: nsid,
      jti: randomBytes(16).toString('hex'),
    })
    await call({ url: config.chatUrl, nsid, authorization: `Bearer ${token}`, input, signal })
  }
}

async function sign(key: PrivateKey, claims: object): Promise<string> {
  const signed = `${encoded({ typ: 'JWT', alg: key.jwtAlg })}.${encoded(claims)}`
  const signature = await key.sign(Buffer.from(signed))
  return `${signed}.${Buffer.from(signature).toString('base64url')}`
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
