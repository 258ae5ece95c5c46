import assert from 'node:assert/strict'
import { jsonToLex, lexicons } from '@atproto/api'
import type { Answer } from './overhear.ts'

/** Said by any XRPC service, whatever the lexicon of the method declares: name and status. */
const protocolErrors: Readonly<Record<string, number>> = {
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
  MethodNotImplemented: 501,
  PayloadTooLarge: 413,
  RateLimitExceeded: 429,
}

/** As much of a method as is looked at here. */
interface MethodDef {
  output?: { encoding: string; schema?: unknown }
  errors?: { name: string }[]
}

/** Fails with one line for each answer that the official lexicons do not allow. */
export function assertOfficial(answers: readonly Answer[]): void {
  assert.notEqual(answers.length, 0, 'nothing was overheard')
  const lines = answers.flatMap(answer => {
    const flaws = flawsOf(answer)
    return flaws.length === 0 ? [] : [`${answer.verb} ${answer.path} (${answer.status}): ${flaws.join('; ')}`]
  })
  assert.deepEqual(lines, [])
}

/** The method that an answer belongs to; `undefined` for pages that are no method. */
export function nsidOf({ path, verb }: Answer): string | undefined {
  const nsid = /^\/xrpc\/([^/_][^/]*)$/.exec(path)?.[1]
  return verb === 'OPTIONS' ? undefined : nsid
}

/** What is wrong with an answer, by the lexicons that `@atproto/api` carries. Quotes no value: it may be a message. */
export function flawsOf(answer: Answer): string[] {
  const nsid = nsidOf(answer)
  if (nsid === undefined) return []
  const method = lexicons.getDef(nsid) as MethodDef | undefined
  if (answer.status >= 200 && answer.status < 300) return flawsOfOutput(answer, nsid, method)
  return flawsOfRefusal(answer, method)
}

function flawsOfOutput(answer: Answer, nsid: string, method: MethodDef | undefined): string[] {
  if (!method) return ['an answer to a method that no official lexicon has']
  const { output } = method
  if (!output) return answer.body === '' ? [] : ['a body where the lexicon has none']
  const type = mediaType(answer)
  if (type !== output.encoding) return [`content type ${type} instead of ${output.encoding}`]
  if (output.encoding !== 'application/json') return []
  const body = parse(answer.body)
  if (body === undefined) return ['the body is no JSON']
  try {
    lexicons.assertValidXrpcOutput(nsid, jsonToLex(body as Parameters<typeof jsonToLex>[0]))
  } catch (error) {
    return [(error as Error).message]
  }
  return unknownTypes(body).map(type => `no official lexicon has ${type}`)
}

function flawsOfRefusal(answer: Answer, method: MethodDef | undefined): string[] {
  if (answer.status !== 501 && (answer.status < 400 || answer.status > 499))
    return ['not a status of a refusal']
  if (mediaType(answer) !== 'application/json') return ['a refusal that is not application/json']
  const body = parse(answer.body) as { error?: unknown; message?: unknown } | undefined
  if (typeof body?.error !== 'string' || typeof body.message !== 'string' || Object.keys(body).length !== 2) {
    return ['a refusal is {error, message}']
  }
  const { error } = body
  const declared = method?.errors?.some(({ name }) => name === error) ? 400 : protocolErrors[error]
  if (declared === undefined) return [`its lexicon declares no ${error}`]
  return declared === answer.status ? [] : [`${error} is ${declared}`]
}

/** Unions are open, so that a misspelled type would pass as one of the future. */
function unknownTypes(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(unknownTypes)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => {
    if (name !== '$type') return unknownTypes(inner)
    const isOurs = typeof inner === 'string' && /^(app|chat)\.bsky\./.test(inner)
    return isOurs && !lexicons.getDef(inner) ? [inner] : []
  })
}

function mediaType({ contentType }: Answer): string | undefined {
  return contentType?.split(';')[0]?.trim()
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
