import type { Did } from '@atcute/lexicons/syntax'
import { type CallContext, callMethod, findActor } from './call.ts'
import type { Actor, Caller, CallOptions } from './chat/method.ts'
import { type BaseNamespaces, baseNamespaces } from './chat/namespaces.ts'
import { type Clock, systemClock } from './clock.ts'
import { originOf } from './did-document.ts'
import { ChatError } from './errors.ts'
import type { ClientHooks } from './hooks.ts'
import { memoryIdentityCache } from './identity-cache.ts'
import type { Args, ArgsOf, MethodSchema, OutputOf } from './lexicon.ts'
import type { Login, Session, SessionListener } from './login.ts'
import { Lookup } from './lookup.ts'
import { BSKY_CHAT, serviceRef } from './proxy.ts'
import { RateLimits, type RateLimitView } from './rate-limits.ts'
import type { RetryPolicy } from './retry.ts'
import { ServerClock } from './server-clock.ts'
import { SessionCore } from './session.ts'
import type { SessionData } from './session-data.ts'
import type { SessionStore } from './session-store.ts'
import type { Patience, Transport } from './transport.ts'
import type { OpenWebSocket } from './web-socket.ts'

/** What a clone may have otherwise than the client it is made from. */
export interface CloneOptions {
  /** The chat service, as `did#id`. Default: Bluesky's. */
  chat?: string
  /** Limit of each try of a call, the answer's body included. Default 10 000. */
  timeoutMs?: number
  /** How calls are repeated: those that read on trouble of the network, all of them on a 429. `false`: never. */
  retry?: RetryPolicy | false
  /** Whether an answer that does not fit its lexicon is an error, of a call that reads. Default true. */
  checkAnswers?: boolean
}

/** Where an account is, and how its client behaves. */
export interface ClientOptions extends CloneOptions {
  /** The account's PDS, or an entryway that knows it. Default https://bsky.social. */
  service?: string | URL
  /** Where sessions are kept. Default: nowhere. */
  sessionStore?: SessionStore
  hooks?: ClientHooks
  fetch?: typeof fetch
  /** How the chat service's live stream is opened. Default: the platform's WebSocket; without one, events are polled for. */
  webSocket?: OpenWebSocket
  clock?: Clock
}

/** What a login with a password may need beside it. */
export interface LoginOptions extends CallOptions {
  /** The code of the e-mail that a login with second factor sends. */
  authFactorToken?: string
  /** Asks for that code where one is wanted, such as a person: the login waits for it. */
  onSecondFactor?: () => Promise<string>
}

interface Settings {
  chat: string
  /** Set by withProxy(): then everything goes there. */
  proxy: string | undefined
  labelers: readonly string[]
  timeoutMs: number
  retry: RetryPolicy | false
  checkAnswers: boolean
}

/** What a client is made of. All but the settings are one and the same in all its clones. */
export interface Parts {
  login: Login
  handles: Lookup
  openWebSocket: OpenWebSocket | undefined
  settings: Settings
}

/** An account of the AT Protocol and the methods of its chat service: layer 1. Groups and the like are Client's. */
export class BaseClient {
  /** `client.chat.bsky.convo.listConvos()` and the others. */
  readonly chat: BaseNamespaces
  protected readonly parts: Parts

  constructor(service: string | URL | ClientOptions | Parts = {}) {
    if (typeof service === 'string' || service instanceof URL) this.parts = partsFrom({ service })
    else this.parts = 'login' in service ? service : partsFrom(service)
    this.chat = this.namespaces((method, args, options) => this.#call(method, args, options))
  }

  /** Who is logged in. */
  get me(): Pick<Session, 'did' | 'handle'> | undefined {
    const session = this.session
    return session && { did: session.did, handle: session.handle }
  }

  /** The login without its secrets. */
  get session(): Session | undefined {
    return this.parts.login.session
  }

  /** Logs in with a password, best an app password, or takes up a session that was exported. Counts for all clones. */
  login(identifier: string, password: string, options?: LoginOptions): Promise<Session>
  /** Takes up a session that exportSession() or onSessionChange() gave. No server is asked. */
  login(saved: { session: string | SessionData }): Promise<Session>
  async login(
    first: string | { session: string | SessionData },
    password = '',
    options: LoginOptions = {},
  ): Promise<Session> {
    const { login } = this.parts
    if (typeof first === 'string') {
      const { authFactorToken, onSecondFactor } = options
      const credentials = { identifier: first, password, authFactorToken }
      const patience = this.#patience(options)
      await login.login(credentials, patience).catch(async error => {
        const isAsked = error instanceof ChatError && error.is('auth/second-factor-required')
        if (!isAsked || !onSecondFactor) throw error
        await login.login({ ...credentials, authFactorToken: await onSecondFactor() }, patience)
      })
    } else {
      await login.import(first.session)
    }
    return login.session as Session
  }

  /** Logs in without a password, with the session that the store keeps. Throws `auth/required` where there is no good one. */
  async resume(identifier: string, options: CallOptions = {}): Promise<Session> {
    const { login } = this.parts
    if (await login.resume(identifier, this.#patience(options))) return login.session as Session
    throw new ChatError('auth/required', `No session of ${identifier} is kept that is still good`)
  }

  /** The session as a string that login() takes, here and in the Python SDK. Keep it as you would a password. */
  exportSession(): string {
    return this.parts.login.export()
  }

  /** Hears of every change of the session, with what must be kept to resume it. Returns what ends the listening. */
  onSessionChange(listener: SessionListener): () => void {
    return this.parts.login.onChange(listener)
  }

  /** Ends the session, here at once and on the server as well as it can. The kept one is forgotten, too. */
  logout(options: CallOptions = {}): Promise<void> {
    return this.parts.login.logout(this.#patience(options))
  }

  /** A client with other settings and the same login, whether that comes before or after. */
  clone(options: CloneOptions = {}): this {
    return this.#with(settingsFrom(options, this.parts.settings))
  }

  /** A clone whose every call the PDS passes on to this service. */
  withProxy(serviceType: string, did: string): this {
    return this.#with({ ...this.parts.settings, proxy: serviceRef(`${did}#${serviceType}`) })
  }

  /** A clone that speaks to Bluesky's chat service, whatever `chat` says. */
  withBskyChatProxy(): this {
    return this.#with({ ...this.parts.settings, proxy: BSKY_CHAT })
  }

  /** A clone whose `chat.*` calls go to this chat service, given as `did#id`. */
  withChatService(ref: string): this {
    return this.clone({ chat: ref })
  }

  /** A clone that asks for the labels of these services, given as DIDs, in whatever is shown. */
  withLabelers(dids: readonly string[]): this {
    return this.#with({ ...this.parts.settings, labelers: dids })
  }

  /** What servers have said about limits, to this client or a clone. */
  get rateLimit(): RateLimitView {
    const { rateLimits, clock } = this.parts.login.transport
    return rateLimits.view(clock.now())
  }

  /** Any method of any lexicon, by its generated schema: for what has no place in `chat`. */
  call<S extends MethodSchema>(method: S, args?: ArgsOf<S>, options?: CallOptions): Promise<OutputOf<S>> {
    return this.#call(method, (args ?? {}) as Args, options) as Promise<OutputOf<S>>
  }

  /** The DID of a handle, as the account's own PDS knows it. Throws `identity/unresolved`. */
  didOf(actor: Actor, options: CallOptions = {}): Promise<Did> {
    const { login, handles } = this.parts
    return findActor({ login, handles, patience: this.#patience(options) }, actor)
  }

  /** A call that the PDS itself answers, whatever proxy this client has. */
  protected callPds<S extends MethodSchema>(
    method: S,
    args: ArgsOf<S>,
    options?: CallOptions,
  ): Promise<OutputOf<S>> {
    return this.#call(method, args as Args, options, false) as Promise<OutputOf<S>>
  }

  /** `did#id` of the service that answers `chat`. */
  protected get chatService(): string {
    const { proxy, chat } = this.parts.settings
    return proxy ?? chat
  }

  /** What `chat` holds. */
  protected namespaces(caller: Caller): BaseNamespaces {
    return baseNamespaces(caller)
  }

  #with(settings: Settings): this {
    const sameKind = this.constructor as new (parts: Parts) => this
    return new sameKind({ ...this.parts, settings })
  }

  #call(method: MethodSchema, args: Args, options: CallOptions = {}, proxied = true): Promise<unknown> {
    const { login, handles, settings } = this.parts
    const forChat = method.nsid.startsWith('chat.') ? settings.chat : undefined
    const context: CallContext = {
      login,
      handles,
      patience: this.#patience(options),
      proxy: proxied ? (settings.proxy ?? forChat) : undefined,
      labelers: settings.labelers,
      checkAnswers: settings.checkAnswers,
    }
    return callMethod(context, method, args)
  }

  #patience(options: CallOptions): Patience {
    const { timeoutMs, retry } = this.parts.settings
    return {
      timeoutMs: options.timeoutMs ?? timeoutMs,
      retry: options.retry ?? retry,
      signal: options.signal,
    }
  }
}

/** `loginOf`: how the account is logged in, if not by a session of ours. */
export function partsFrom(options: ClientOptions, loginOf?: (transport: Transport) => Login): Parts {
  const { clock = systemClock, hooks = {}, sessionStore } = options
  const service = originOf(options.service ?? 'https://bsky.social')
  if (service === undefined) throw new ChatError('invalid-input', 'service must be an http or https address')
  // Wrapped, because a browser's fetch must be called as a function of the window.
  const fetchThis: typeof fetch = options.fetch ?? ((input, init) => fetch(input, init))
  const transport = {
    fetch: fetchThis,
    clock,
    hooks,
    serverClock: new ServerClock(),
    rateLimits: new RateLimits(),
  }
  return {
    login: loginOf?.(transport) ?? new SessionCore({ transport, service, store: sessionStore }),
    handles: new Lookup(memoryIdentityCache({ clock }), clock),
    openWebSocket: options.webSocket,
    settings: settingsFrom(options, {
      chat: BSKY_CHAT,
      proxy: undefined,
      labelers: [],
      timeoutMs: 10_000,
      retry: {},
      checkAnswers: true,
    }),
  }
}

function settingsFrom(options: CloneOptions, base: Settings): Settings {
  const { chat, timeoutMs, retry, checkAnswers } = options
  return {
    chat: chat === undefined ? base.chat : serviceRef(chat),
    proxy: base.proxy,
    labelers: base.labelers,
    timeoutMs: timeoutMs ?? base.timeoutMs,
    retry: retry ?? base.retry,
    checkAnswers: checkAnswers ?? base.checkAnswers,
  }
}
