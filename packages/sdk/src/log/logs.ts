import type { Login } from '../login.ts'
import type { LiveLog } from './live-log.ts'

const logs = new WeakMap<Login, Map<string, LiveLog>>()

/** The one log of an account at a chat service, made where there is none yet: for all clones of a client together. */
export function logOf(login: Login, service: string, make: () => LiveLog): LiveLog {
  const ofAccount = logs.get(login) ?? new Map<string, LiveLog>()
  logs.set(login, ofAccount)
  const known = ofAccount.get(service)
  if (known) return known
  const made = make()
  ofAccount.set(service, made)
  // A new token is the same account's; after anything else it is nobody's, or another's.
  login.onChange(event => {
    if (event !== 'refresh' && event !== 'refresh-failed') made.disconnect()
  })
  return made
}
