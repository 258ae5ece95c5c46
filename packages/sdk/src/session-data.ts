import { type Did, isDid } from '@atcute/lexicons/syntax'
import { fieldsOf } from './body.ts'
import { originOf, pdsOf } from './did-document.ts'
import { ChatError } from './errors.ts'

/** All it takes to be logged in again. Holds secrets: keep it as you would a password. */
export interface SessionData {
  did: Did
  handle: string
  accessJwt: string
  refreshJwt: string
  /** Origin of the server that answers for the account. */
  pds: string
}

const SEPARATOR = ':::'

/** `handle:::did:::access:::refresh:::pds`, the form that the Python SDK writes and reads. */
export function formatSession({ handle, did, accessJwt, refreshJwt, pds }: SessionData): string {
  return [handle, did, accessJwt, refreshJwt, pds].join(SEPARATOR)
}

/** Reads a session from its string, or checks one given as an object. Older strings name no PDS: `service` stands in. */
export function parseSession(session: string | SessionData, service: string): SessionData {
  if (typeof session !== 'string') return checkSession(session)
  const [handle, did, accessJwt, refreshJwt, pds = service] = session.trim().split(SEPARATOR)
  return checkSession({ handle, did, accessJwt, refreshJwt, pds })
}

/** The answer of createSession or refreshSession as a session; the PDS is the one that the DID document names. */
export function sessionFromAnswer(answer: unknown, askedAt: string): SessionData {
  const { did, handle, accessJwt, refreshJwt, didDoc } = fieldsOf(answer)
  const session = { did, handle, accessJwt, refreshJwt, pds: followPds(didDoc, askedAt) }
  if (isSession(session)) return session
  throw new ChatError('invalid-response', 'The server answered a login with something that is not a session')
}

function checkSession(session: object): SessionData {
  if (isSession(session)) return { ...session, pds: originOf(session.pds) as string }
  throw new ChatError(
    'invalid-input',
    'Not a session: expected what exportSession() or onSessionChange() gave',
  )
}

function isSession(session: object): session is SessionData {
  const { did, handle, accessJwt, refreshJwt, pds } = fieldsOf(session)
  const tokens = [accessJwt, refreshJwt].every(
    token => typeof token === 'string' && /^[\w.~+/=-]+$/.test(token),
  )
  return isDid(did) && typeof handle === 'string' && tokens && originOf(pds) !== undefined
}

/** Where the DID document says the account lives. Never from https down to http: the tokens go there. */
function followPds(didDoc: unknown, askedAt: string): string {
  const pds = pdsOf(didDoc)
  return pds === undefined || (askedAt.startsWith('https:') && pds.startsWith('http:')) ? askedAt : pds
}
