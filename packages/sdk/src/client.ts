import { type Agent, AgentLogin } from './agent-login.ts'
import { BaseClient, type ClientOptions, type Parts, partsFrom } from './base-client.ts'
import type { Caller } from './chat/method.ts'
import { type ChatNamespaces, chatNamespaces } from './chat/namespaces.ts'
import { DirectMessages } from './dm/direct-messages.ts'
import { People } from './dm/member.ts'
import { Outbox } from './dm/outbox.ts'
import { ChatError } from './errors.ts'
import { Features } from './features.ts'
import { logConnector } from './log/connect-log.ts'
import { LiveLog } from './log/live-log.ts'
import { LogPoller } from './log/log-poller.ts'
import { logOf } from './log/logs.ts'
import type { OwnAccount } from './own-account.ts'
import { platformWebSocket } from './web-socket.ts'

/** An account of the AT Protocol and its direct messages. */
export class Client extends BaseClient {
  /** Every method of `chat.bsky.*`. */
  declare readonly chat: ChatNamespaces
  /** Conversations, messages and people as objects: layer 2. */
  readonly dm: DirectMessages

  /**
   * A client whose requests an agent makes, such as the session of an OAuth client. Who logs in and out and renews tokens
   * is the agent; `service`, `sessionStore` and `fetch` say nothing then. It does not know the account's handle.
   */
  static withAgent(agent: Agent, options: ClientOptions = {}): Client {
    return new Client(partsFrom(options, transport => new AgentLogin(agent, transport)))
  }

  /**
   * A client that is logged in as the environment says, which is handed in: `Client.fromEnv(process.env)`.
   * PARLEY_IDENTIFIER (handle, DID or e-mail) and PARLEY_APP_PASSWORD must be there; PARLEY_PDS, the address of the
   * account's PDS, and PARLEY_CHAT, the `did#id` of its chat service, can be. Throws `invalid-input` where one is missing.
   */
  static async fromEnv(
    env: Record<string, string | undefined>,
    options: ClientOptions = {},
  ): Promise<Client> {
    const { PARLEY_IDENTIFIER, PARLEY_APP_PASSWORD, PARLEY_PDS: service, PARLEY_CHAT: chat } = env
    if (!PARLEY_IDENTIFIER || !PARLEY_APP_PASSWORD) {
      const hint =
        'Put them into .env, and start the program with `node --env-file=.env`. ' +
        'An app password with access to direct messages is made in the settings of the account.'
      throw new ChatError('invalid-input', 'PARLEY_IDENTIFIER and PARLEY_APP_PASSWORD must be set', { hint })
    }
    const client = new Client({ ...(service && { service }), ...(chat && { chat }), ...options })
    await client.login(PARLEY_IDENTIFIER, PARLEY_APP_PASSWORD)
    return client
  }

  constructor(service: string | URL | ClientOptions | Parts = {}) {
    super(service)
    const { chat } = this
    const { clock, serverClock } = this.parts.login.transport
    const me = () => this.me?.did
    const features = new Features(this)
    const outbox = new Outbox({
      chat,
      clock,
      me,
      aheadMs: () => serverClock.aheadMs,
      keepsKeys: () => features.keepsKeys(),
    })
    const account: OwnAccount = {
      session: () => this.session,
      aheadMs: () => serverClock.aheadMs,
      atPds: (method, args, options) => this.callPds(method, args, options),
    }
    const { chatService } = this
    const openLog = () => {
      const { openWebSocket = platformWebSocket } = this.parts
      const connect = logConnector({ account, features, clock, service: chatService, openWebSocket })
      const poller = new LogPoller({ convo: chat.bsky.convo, clock, me })
      return new LiveLog({ poller, connect, clock, me })
    }
    this.dm = new DirectMessages({
      account,
      chat,
      clock,
      features,
      log: logOf(this.parts.login, chatService, openLog),
      outbox,
      people: new People(me),
      find: (actor, options) => this.didOf(actor, options),
    })
  }

  protected override namespaces(caller: Caller): ChatNamespaces {
    return chatNamespaces(caller)
  }
}
