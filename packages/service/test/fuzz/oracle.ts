import { isUtf8 } from 'node:buffer'
import { undeclared } from '../undeclared.ts'
import type { Outcome } from './call.ts'
import { theModerator } from './cast.ts'
import type { LexiconMethod } from './lexicon.ts'
import { type FuzzRequest, publicMethods } from './request.ts'
import { officialComplaints } from './second-opinion.ts'
import { canary } from './texts.ts'

/** Names that the lexicons do not declare, and the status of each. All others are of a lexicon, and 400. */
const protocolStatuses: Readonly<Record<string, number>> = {
  AuthMissing: 401,
  BadJwt: 401,
  BadJwtAudience: 401,
  BadJwtIss: 401,
  BadJwtLexiconMethod: 401,
  BadJwtSignature: 401,
  BadJwtType: 401,
  Forbidden: 403,
  InvalidRequest: 400,
  JwtExpired: 401,
  PayloadTooLarge: 413,
}

/** Queries by their lexicon, but they write (behaviour.md 2.2). */
const writingQueries: ReadonlySet<string> = new Set(['chat.bsky.convo.getConvoForMembers'])

export interface Judged {
  method: LexiconMethod
  request: FuzzRequest
  outcome: Outcome
  /** Whether to hold it against the official lexicons as well, which takes the most time. */
  closely: boolean
}

/** What is wrong with the outcome of a call: nothing, if all is well. */
export function flawsOf(judged: Judged): string[] {
  const { answer, text, log } = judged.outcome
  if (!answer) return [`the pipeline threw: ${text}`]
  const faults = log.filter(line => line.includes('"msg":"fault"'))
  const flaws = faults.map(line => `a fault was logged: ${describeFault(line)}`)
  if (log.some(line => line.includes(canary))) flaws.push('the log quotes the request')
  if (answer.status === 200) flaws.push(...flawsOfAnswer(judged))
  else flaws.push(...flawsOfRefusal(judged, answer.status))
  return flaws
}

function flawsOfAnswer({ method, request, outcome, closely }: Judged): string[] {
  const { nsid, type, output } = method
  const { text, written, answer } = outcome
  const flaws = flawsOfAdmission(nsid, request)
  if (type === 'query' && written > 0 && !writingQueries.has(nsid))
    flaws.push(`a query wrote ${written} rows`)
  const contentType = answer!.headers['content-type']?.split(';')[0]
  if (contentType !== output?.encoding)
    flaws.push(`content type ${contentType} instead of ${output?.encoding}`)
  if (!output && text !== '') flaws.push('a body where the lexicon has none')
  if (method.input && !isUnicode(request.body))
    flaws.push('took what no store can keep as it is: half a character')
  if (!closely) return flaws
  return [...flaws, ...officialComplaints(method, request, text)]
}

/** Whoever was answered has shown a token, and one of a moderator where moderators ask. */
function flawsOfAdmission(nsid: string, { caller, credentials }: FuzzRequest): string[] {
  const flaws: string[] = []
  const isWelcome = credentials === 'good' || (credentials === 'none' && publicMethods.has(nsid))
  if (!isWelcome) flaws.push(`answered a token that is ${credentials}`)
  if (nsid.startsWith('chat.bsky.moderation.') && caller !== theModerator)
    flaws.push(`answered ${caller}, who is no moderator`)
  return flaws
}

/** Names the fault, and where in the sources it happened. */
function describeFault(line: string): string {
  const { err } = JSON.parse(line) as { err: { name: string; message: string; stack: string[] } }
  const frame = err.stack[0]?.replace(/file:\S*\/packages\//, 'packages/') ?? ''
  return `${err.name}: ${err.message} ${frame}`
}

/** Well-formed UTF-8, and no half of a surrogate pair written as an escape. */
function isUnicode(body: Buffer): boolean {
  return isUtf8(body) && !/\\ud[89a-f]/i.test(JSON.stringify(JSON.parse(body.toString())))
}

function flawsOfRefusal({ method, outcome }: Judged, status: number): string[] {
  const { text, written } = outcome
  const flaws: string[] = []
  if (status >= 500 || status < 400) flaws.push(`status ${status}: ${text}`)
  if (written > 0) flaws.push(`a refused call wrote ${written} rows: ${text}`)
  if (!outcome.answer!.headers['content-type']?.startsWith('application/json'))
    flaws.push('a refusal that is no JSON')
  const body = parsed(text) as { error?: unknown; message?: unknown } | undefined
  const { error, message } = body ?? {}
  if (typeof error !== 'string' || typeof message !== 'string' || Object.keys(body!).length !== 2)
    return [...flaws, `a refusal is {error, message}, not ${text}`]
  const isDeclared =
    method.errors?.some(({ name }) => name === error) || undeclared[method.nsid]?.includes(error)
  const expected = isDeclared ? 400 : protocolStatuses[error]
  if (expected === undefined) flaws.push(`its lexicon declares no ${error}`)
  else if (expected !== status) flaws.push(`${error} is ${expected}, not ${status}`)
  if (/\bat .+:\d+:\d+|node_modules|file:|\.ts\b|[\n\r]/.test(message) || message.length > 400)
    flaws.push(`a message shows what is inside: ${message}`)
  if (text.includes(canary)) flaws.push(`a refusal quotes the request: ${text}`)
  return flaws
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
