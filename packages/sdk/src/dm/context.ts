import type { Did } from '@atcute/lexicons/syntax'
import type { Actor, CallOptions } from '../chat/method.ts'
import type { ChatNamespaces } from '../chat/namespaces.ts'
import type { Clock } from '../clock.ts'
import type { LogPoller } from '../events/log-poller.ts'
import type { People } from './member.ts'
import type { Outbox } from './outbox.ts'

/** What the objects of layer 2 share. */
export interface DmContext {
  chat: ChatNamespaces
  clock: Clock
  people: People
  outbox: Outbox
  poller: LogPoller
  /** The DID of a handle. Throws `identity/unresolved`. */
  find(actor: Actor, options?: CallOptions): Promise<Did>
}
