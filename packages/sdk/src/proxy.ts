import { ChatError } from './errors.ts'

/** A service of a DID document, as `did#id`: what the `atproto-proxy` header carries. */
export type ServiceRef = `did:${string}#${string}`

/** Bluesky's own chat service. */
export const BSKY_CHAT: ServiceRef = 'did:web:api.bsky.chat#bsky_chat'

/** Refuses a name that a PDS would refuse, before it is sent: typing errors here are hard to see in an answer. */
export function serviceRef(ref: string): ServiceRef {
  if (/^did:(plc|web):[\w.:%-]+#\w+$/.test(ref)) return ref as ServiceRef
  throw new ChatError('invalid-input', `Not the name of a service: write did:web:chat.example#bsky_chat`)
}
