import { BaseClient, type ClientOptions, type Parts } from './base-client.ts'
import type { Caller } from './chat/method.ts'
import { type ChatNamespaces, chatNamespaces } from './chat/namespaces.ts'
import { DirectMessages } from './dm/direct-messages.ts'
import { Features } from './dm/features.ts'
import { People } from './dm/member.ts'
import { Outbox } from './dm/outbox.ts'
import { LogPoller } from './events/log-poller.ts'

/** An account of the AT Protocol and its direct messages. */
export class Client extends BaseClient {
  /** Every method of `chat.bsky.*`. */
  declare readonly chat: ChatNamespaces
  /** Conversations, messages and people as objects: layer 2. */
  readonly dm: DirectMessages

  constructor(service: string | URL | ClientOptions | Parts = {}) {
    super(service)
    const { chat } = this
    const { clock, serverClock } = this.parts.core.transport
    const me = () => this.me?.did
    const features = new Features(this)
    const outbox = new Outbox({
      chat,
      clock,
      me,
      aheadMs: () => serverClock.aheadMs,
      keepsKeys: () => features.keepsKeys(),
    })
    this.dm = new DirectMessages({
      chat,
      clock,
      outbox,
      poller: new LogPoller({ convo: chat.bsky.convo, clock }),
      people: new People(me),
      find: (actor, options) => this.didOf(actor, options),
    })
  }

  protected override namespaces(caller: Caller): ChatNamespaces {
    return chatNamespaces(caller)
  }
}
