import { readToken, renewAtMs } from './access-token.ts'
import { waitFor } from './deadline.ts'
import { ChatError } from './errors.ts'
import { notify } from './hooks.ts'
import type { Credentials, Login, Session, SessionEvent, SessionListener } from './login.ts'
import { formatSession, parseSession, type SessionData, sessionFromAnswer } from './session-data.ts'
import type { SessionStore } from './session-store.ts'
import { exchange, type Patience, type Transport } from './transport.ts'

/** For how long a refused token is not renewed after a new one was refused too: each refresh costs the PDS a write. */
const IN_VAIN_MS = 60_000

/**
 * The login of one account, shared by a client and all its clones: one session, one refresh at a time, one list of
 * listeners.
 */
export class SessionCore implements Login {
  readonly transport: Transport
  readonly #service: string
  readonly #store: SessionStore | undefined
  readonly #listeners = new Set<SessionListener>()
  #session: SessionData | undefined
  #storeKey: string | undefined
  #renewAtMs: number | undefined
  /** Until when a refused token is not renewed, because a new one was refused as well. */
  #inVainUntilMs = 0
  #refreshing: { stale: SessionData; renewed: Promise<SessionData> } | undefined

  constructor(parts: { transport: Transport; service: string; store?: SessionStore | undefined }) {
    this.transport = parts.transport
    this.#service = parts.service
    this.#store = parts.store
  }

  get session(): Session | undefined {
    if (!this.#session) return undefined
    const { did, handle, pds, accessJwt } = this.#session
    const { scope } = readToken(accessJwt)
    return { did, handle, pds, scope, mayUseChat: scope !== 'app-password' }
  }

  /** Returns what ends the listening. */
  onChange(listener: SessionListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Takes up the session kept in the store, else makes a new one: servers allow few logins a day. */
  async login(credentials: Credentials, patience: Patience): Promise<void> {
    const identifier = nameOf(credentials.identifier)
    if (await this.resume(identifier, patience)) return
    // Of an environment variable that is not set, say.
    if (!credentials.password) throw new ChatError('auth/bad-credentials', 'no password was given')
    const created = await this.#create({ ...credentials, identifier }, patience)
    await this.#become('create', created, this.transport.clock.now())
    if (this.session?.mayUseChat === false) {
      const message = 'this app password may not use direct messages'
      notify(this.transport.hooks, 'onWarning', { method: 'com.atproto.server.createSession', message })
    }
  }

  /** Takes up the session that is kept for an identifier. Whether there is one, and it is good. */
  async resume(identifier: string, patience: Patience): Promise<boolean> {
    this.#storeKey = `${this.#service} ${nameOf(identifier).toLowerCase()}`
    const kept = await this.#store?.load(this.#storeKey)
    return kept !== undefined && this.#takeUp(kept, patience)
  }

  async import(session: string | SessionData): Promise<void> {
    const data = parseSession(session, this.#service)
    this.#storeKey = `${this.#service} ${data.did}`
    await this.#become('import', data, undefined)
  }

  export(): string {
    return formatSession(this.#require('exportSession'))
  }

  /** Ends the session here at once, and on the server as well as it can. */
  async logout(patience: Patience): Promise<void> {
    const ended = this.#session
    if (!ended) return
    this.#session = undefined
    await this.#tell('delete', ended)
    const method = 'com.atproto.server.deleteSession'
    await this.#asRefresher(method, ended, patience).catch(() => {
      notify(this.transport.hooks, 'onWarning', { method, message: 'the server did not confirm the logout' })
    })
  }

  /** Makes a call as the account: with a token that has not run out, and once more if the server thinks it has. */
  async authorized<T>(
    method: string,
    patience: Patience,
    call: (session: SessionData) => Promise<T>,
  ): Promise<T> {
    let session = this.#require(method)
    if (this.#isDue(this.#renewAtMs)) {
      session = await this.#renew(session, method, patience)
    }
    try {
      return await call(session)
    } catch (error) {
      if (!isExpired(error)) throw error
      if (this.transport.clock.now() < this.#inVainUntilMs) throw freshTokenRefused(method, error)
    }
    const renewed = await this.#renew(session, method, patience)
    try {
      return await call(renewed)
    } catch (error) {
      if (!isExpired(error)) throw error
      this.#inVainUntilMs = this.transport.clock.now() + IN_VAIN_MS
      throw freshTokenRefused(method, error)
    }
  }

  #isDue(renewAtMs: number | undefined): boolean {
    return renewAtMs !== undefined && this.transport.clock.now() >= renewAtMs
  }

  #require(method: string): SessionData {
    if (this.#session) return this.#session
    throw new ChatError('auth/required', `${method} needs a login`, { method })
  }

  async #takeUp(kept: SessionData, patience: Patience): Promise<boolean> {
    try {
      // Not kept again: another program may have renewed it since it was read.
      await this.#become('import', parseSession(kept, this.#service), undefined, false)
      // One that has run out is renewed now, while the password is at hand should that fail.
      await this.authorized('login', patience, async () => {})
      return true
    } catch (error) {
      if (isExpired(error) || (error instanceof ChatError && error.is('invalid-input'))) return false
      throw error
    }
  }

  async #create(credentials: Credentials, patience: Patience): Promise<SessionData> {
    const method = 'com.atproto.server.createSession'
    const { identifier, password, authFactorToken } = credentials
    try {
      const { body } = await exchange(
        this.transport,
        {
          method,
          url: `${this.#service}/xrpc/${method}`,
          verb: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ identifier, password, authFactorToken }),
          answer: 'json',
        },
        patience,
      )
      return sessionFromAnswer(body, this.#service)
    } catch (error) {
      if (!isExpired(error)) throw error
      // 401 means an old token everywhere but here.
      const { status, lexError } = error
      throw new ChatError('auth/bad-credentials', 'The server refused this identifier and password', {
        method,
        status,
        lexError,
      })
    }
  }

  /** One refresh however many ask; those who come late find it done. */
  async #renew(stale: SessionData, method: string, patience: Patience): Promise<SessionData> {
    if (!this.#session) throw new ChatError('auth/expired', `${method}: the session has ended`, { method })
    if (this.#session.accessJwt !== stale.accessJwt) return this.#session
    const { signal, ...shared } = patience // one caller's giving up is not the others'
    if (this.#refreshing?.stale !== this.#session) {
      this.#refreshing = { stale: this.#session, renewed: this.#refresh(this.#session, shared) }
    }
    return await waitFor(this.#refreshing.renewed, signal)
  }

  async #refresh(stale: SessionData, patience: Patience): Promise<SessionData> {
    const method = 'com.atproto.server.refreshSession'
    try {
      return await this.#alone(async () => {
        const kept = await this.#keptByOthers(stale)
        const isGood = kept !== undefined && !this.#isDue(renewAtMs(kept.accessJwt, undefined))
        const renewed = isGood ? kept : await this.#renewed(method, kept ?? stale, patience)
        if (this.#session !== stale) {
          throw new ChatError('auth/required', 'The session was ended while it was being renewed', { method })
        }
        await this.#become('refresh', renewed, isGood ? undefined : this.transport.clock.now())
        return renewed
      })
    } catch (error) {
      this.#refreshing = undefined // it may be tried again
      if (this.#session !== stale) throw error
      if (isExpired(error)) {
        this.#session = undefined
        await this.#tell('expired', stale)
      } else {
        await this.#tell('refresh-failed', stale)
      }
      throw error
    }
  }

  async #renewed(method: string, stale: SessionData, patience: Patience): Promise<SessionData> {
    const { body } = await this.#asRefresher(method, stale, patience)
    const renewed = sessionFromAnswer(body, stale.pds)
    if (renewed.did === stale.did) return renewed
    const message = `${method} answered with the session of another account`
    throw new ChatError('invalid-response', message, { method })
  }

  /** While no other program renews this session, as far as the store can keep them apart. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#storeKey === undefined || !this.#store?.withLock
      ? work()
      : this.#store.withLock(this.#storeKey, work)
  }

  /** The session of this account as another program has renewed it; `undefined` where none has. */
  async #keptByOthers(stale: SessionData): Promise<SessionData | undefined> {
    if (this.#storeKey === undefined || !this.#store) return undefined
    try {
      const kept = parseSession((await this.#store.load(this.#storeKey))!, this.#service)
      return kept.did === stale.did && kept.accessJwt !== stale.accessJwt ? kept : undefined
    } catch {
      return undefined // none there, or no session
    }
  }

  /** A call that the refresh token pays for. Asking twice is harmless: a used token stays good for a while. */
  #asRefresher(method: string, { pds, refreshJwt }: SessionData, patience: Patience) {
    const headers = { authorization: `Bearer ${refreshJwt}` }
    return exchange(
      this.transport,
      { method, url: `${pds}/xrpc/${method}`, verb: 'POST', headers, repeatable: true, answer: 'json' },
      patience,
    )
  }

  async #become(
    event: SessionEvent,
    session: SessionData,
    receivedAtMs: number | undefined,
    keep = true,
  ): Promise<void> {
    this.#session = session
    if (event !== 'refresh') this.#inVainUntilMs = 0
    this.#renewAtMs = renewAtMs(session.accessJwt, receivedAtMs)
    await this.#tell(event, session, keep)
  }

  /** Keeps the store and the listeners informed. Their failures are theirs: the session itself is good. */
  async #tell(event: SessionEvent, session: SessionData, keep = true): Promise<void> {
    const told = [...this.#listeners].map(async listener => listener(event, { ...session }))
    if (keep && this.#store && this.#storeKey !== undefined && event !== 'refresh-failed') {
      const gone = event === 'delete' || event === 'expired'
      told.push(gone ? this.#store.delete(this.#storeKey) : this.#store.save(this.#storeKey, session))
    }
    for (const { status } of await Promise.allSettled(told)) {
      if (status === 'fulfilled') continue
      const message = `a listener or the store failed at the session's ${event}`
      notify(this.transport.hooks, 'onWarning', { method: 'session', message })
    }
  }
}

function nameOf(identifier: string): string {
  return identifier.trim().replace(/^@/, '')
}

function isExpired(error: unknown): error is ChatError {
  return error instanceof ChatError && error.is('auth/expired')
}

/** The login is good, as its refresh has shown: to log in again would not help. */
function freshTokenRefused(method: string, { status, lexError }: ChatError): ChatError {
  return new ChatError('upstream', `${method}: a new token was refused as expired`, {
    method,
    status,
    lexError,
    hint: 'The login is good; the fault is at the server. Try later.',
  })
}
