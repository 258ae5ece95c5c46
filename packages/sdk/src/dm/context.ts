import type { Did } from '@atcute/lexicons/syntax'
import type { Actor, CallOptions } from '../chat/method.ts'
import type { ChatNamespaces } from '../chat/namespaces.ts'
import type { Clock } from '../clock.ts'
import type { Features } from '../features.ts'
import type { LiveLog } from '../log/live-log.ts'
import type { OwnAccount } from '../own-account.ts'
import type { People } from './member.ts'
import type { Outbox } from './outbox.ts'

/** What the objects of layer 2 share. */
export interface DmContext {
  account: OwnAccount
  chat: ChatNamespaces
  clock: Clock
  features: Features
  people: People
  outbox: Outbox
  log: LiveLog
  /** The DID of a handle. Throws `identity/unresolved`. */
  find(actor: Actor, options?: CallOptions): Promise<Did>
}
