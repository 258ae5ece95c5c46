import type { Credentials, Session, SessionListener } from './session.ts'
import type { SessionData } from './session-data.ts'
import type { Patience, Transport } from './transport.ts'

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
