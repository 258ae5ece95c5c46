import type { AccessScope } from './access-token.ts'
import type { SessionData } from './session-data.ts'
import type { Patience, Transport } from './transport.ts'

/** What became of a session. After `expired` and `delete` there is none any more. */
export type SessionEvent = 'create' | 'import' | 'refresh' | 'refresh-failed' | 'expired' | 'delete'

/** Hears of changes of the session, and is given its secrets. */
export type SessionListener = (event: SessionEvent, session: SessionData) => void | Promise<void>

/** Who is logged in. Holds no secrets; those are in exportSession(). */
export interface Session {
  did: SessionData['did']
  /** `handle.invalid` where it is not known: an agent does not tell. */
  handle: string
  /** Empty where only an agent knows it. */
  pds: string
  /** Read from the access token: a hint, not a promise. */
  scope: AccessScope
  /** False if this login surely lacks the permission for direct messages. */
  mayUseChat: boolean
}

export interface Credentials {
  identifier: string
  password: string
  authFactorToken?: string | undefined
}

/** Where a call of the account goes, and with what token where it is ours to send one. */
export interface Destination {
  pds: string
  accessJwt?: string | undefined
}

/** How an account is logged in, for a client and all its clones: our own session, or an agent that keeps its own. */
export interface Login {
  readonly transport: Transport
  readonly session: Session | undefined
  login(credentials: Credentials, patience: Patience): Promise<void>
  resume(identifier: string, patience: Patience): Promise<boolean>
  import(session: string | SessionData): Promise<void>
  export(): string
  logout(patience: Patience): Promise<void>
  onChange(listener: SessionListener): () => void
  /** Makes a call as the account. Throws `auth/required` where nobody is logged in. */
  authorized<T>(method: string, patience: Patience, call: (to: Destination) => Promise<T>): Promise<T>
}
