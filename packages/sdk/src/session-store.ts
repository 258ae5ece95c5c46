import type { SessionData } from './session-data.ts'

/** Where sessions outlive the program. A key names one login: the server and the identifier used. */
export interface SessionStore {
  load(key: string): Promise<SessionData | undefined>
  save(key: string, session: SessionData): Promise<void>
  delete(key: string): Promise<void>
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
