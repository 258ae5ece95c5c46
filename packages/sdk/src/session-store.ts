import type { SessionData } from './session-data.ts'

/** Where sessions outlive the program. A key names one login: the server and the identifier used. */
export interface SessionStore {
  /** `undefined` where none is kept. */
  load(key: string): Promise<SessionData | undefined>
  /** Takes the place of what was kept. */
  save(key: string, session: SessionData): Promise<void>
  /** Of what is not there it does nothing. */
  delete(key: string): Promise<void>
  /**
   * Runs `work` while no other program that shares the store does so for the same key: of them all, one renews the session.
   * Without it, each renews its own.
   */
  withLock?<T>(key: string, work: () => Promise<T>): Promise<T>
}

/** Keeps sessions as long as the program runs: several clients of one program share their logins through it. */
export function memorySessionStore(): SessionStore {
  const sessions = new Map<string, SessionData>()
  return {
    load: async key => sessions.get(key),
    save: async (key, session) => {
      sessions.set(key, { ...session })
    },
    delete: async key => {
      sessions.delete(key)
    },
  }
}
