import type { SessionData, SessionStore } from '@parley/sdk'

/**
 * A store that does not write what it has just read. Taking a session up would keep it anew, and of two commands that
 * run side by side the later one would bring back the tokens that the other has renewed.
 */
export function quietStore(store: SessionStore): SessionStore {
  let loaded: string | undefined
  return {
    ...store,
    load: async key => {
      const session = await store.load(key)
      loaded = session?.accessJwt
      return session
    },
    save: async (key, session: SessionData) => {
      if (session.accessJwt !== loaded) await store.save(key, session)
    },
  }
}
