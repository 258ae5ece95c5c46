import { type Did, isDid, isHandle } from '@atcute/lexicons/syntax'
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
  const read = sessionOf(typeof session === 'string' ? splitSession(session, service) : fieldsOf(session))
  if (read !== undefined) return read
  throw new ChatError(
    'invalid-input',
    'Not a session: expected what exportSession() or onSessionChange() gave',
  )
}

/** The answer of createSession or refreshSession as a session; the PDS is the one that the DID document names. */
export function sessionFromAnswer(answer: unknown, askedAt: string): SessionData {
  const fields = fieldsOf(answer)
  const session = sessionOf({ ...fields, pds: followPds(fields, askedAt) })
  if (session !== undefined) return session
  throw new ChatError('invalid-response', 'The server answered a login with something that is not a session')
}

function splitSession(text: string, service: string): Record<string, unknown> {
  const [handle, did, accessJwt, refreshJwt, pds = service, ...rest] = text.trim().split(SEPARATOR)
  return rest.length > 0 ? {} : { handle, did, accessJwt, refreshJwt, pds }
}

/** A session of checked fields, none of which can hold a separator: the string must not read as another account's. */
function sessionOf(fields: Record<string, unknown>): SessionData | undefined {
  const { did, handle, accessJwt, refreshJwt } = fields
  const pds = originOf(fields.pds)
  if (!isDid(did) || did.includes(SEPARATOR) || typeof handle !== 'string' || pds === undefined)
    return undefined
  if (!isToken(accessJwt) || !isToken(refreshJwt)) return undefined
  // Who it is says the DID. The handle is for people to read, and one that is none must not keep them out.
  return { did, handle: isHandle(handle) ? handle : 'handle.invalid', accessJwt, refreshJwt, pds }
}

function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^[\w.~+/=-]+$/.test(value)
}

/** Where the account's own DID document says it lives. Never from https down to http: the tokens go there. */
function followPds({ did, didDoc }: Record<string, unknown>, askedAt: string): string {
  const pds = fieldsOf(didDoc).id === did ? pdsOf(didDoc) : undefined
  return pds === undefined || (askedAt.startsWith('https:') && pds.startsWith('http:')) ? askedAt : pds
}
