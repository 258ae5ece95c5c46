import { isDid } from '@atcute/lexicons/syntax'
import { ChatError } from './errors.ts'
import type { Destination, Login, Session } from './login.ts'
import type { Patience, Transport } from './transport.ts'

/**
 * Whoever makes requests as an account and keeps its tokens good: an OAuthSession, a CredentialSession or PasswordSession
 * of other libraries. `path` begins with `/xrpc/`.
 */
export interface Agent {
  /** `undefined` while nobody is logged in. */
  readonly did?: string | undefined
  /** Makes the request at the account's PDS, with the account's token. */
  fetchHandler(path: string, init: RequestInit): Promise<Response>
}

/** Stands for the account's PDS, which only the agent knows. */
const origin = 'https://pds.invalid'

/** The login of an agent: its requests are made by it, and logging in and out is its affair. */
export class AgentLogin implements Login {
  readonly transport: Transport
  readonly #agent: Agent
  readonly login = refuse
  readonly resume = refuse
  readonly import = refuse
  readonly logout = refuse

  constructor(agent: Agent, transport: Transport) {
    this.#agent = agent
    this.transport = { ...transport, fetch: (url, init) => this.#fetch(String(url), init ?? {}) }
  }

  get session(): Session | undefined {
    const { did } = this.#agent
    if (!isDid(did)) return undefined
    return { did, handle: 'handle.invalid', pds: '', scope: 'unknown', mayUseChat: true }
  }

  export(): string {
    throw agentKeepsIt()
  }

  onChange(): () => void {
    return () => {}
  }

  async authorized<T>(
    method: string,
    _patience: Patience,
    call: (to: Destination) => Promise<T>,
  ): Promise<T> {
    if (!this.session) throw new ChatError('auth/required', `${method} needs a login`, { method })
    try {
      return await call({ pds: origin })
    } catch (error) {
      throw error instanceof ChatError && error.is('auth/expired') ? loginIsOver(error) : error
    }
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    try {
      return await this.#agent.fetchHandler(url.slice(origin.length), init)
    } catch (error) {
      // As the OAuth clients of @atproto say that there is no renewing a token: with the account's `sub`.
      if ((error as { sub?: unknown } | undefined)?.sub === undefined) throw error
      throw loginIsOver(error)
    }
  }
}

function loginIsOver(cause: unknown): ChatError {
  const hint = 'Log in anew with what made the agent.'
  return new ChatError('auth/expired', 'The login of the agent is over', { hint, cause })
}

async function refuse(): Promise<never> {
  throw agentKeepsIt()
}

function agentKeepsIt(): ChatError {
  const hint = 'Log in and out with what made it.'
  return new ChatError('invalid-input', 'The agent of this client keeps the login', { hint })
}
