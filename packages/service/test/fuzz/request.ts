import { breakBytes, breakValue, writeJson } from './breakage.ts'
import type { Name } from './cast.ts'
import type { Dice } from './dice.ts'
import type { LexiconMethod } from './lexicon.ts'
import { breakQuery, writeQuery } from './query.ts'
import type { Focus } from './scene.ts'
import { canary } from './texts.ts'
import { valueFor } from './values.ts'

/** How a request shows who is calling. All but `good` are to be refused where a method needs to know. */
export type Credentials = 'good' | 'none' | 'twice' | 'cut' | 'changed' | 'of another method' | 'garbage'

/** One call, as it comes over the wire. */
export interface FuzzRequest {
  nsid: string
  caller: Name
  credentials: Credentials
  verb: string
  query: string
  contentType: string | undefined
  body: Buffer
}

const json = 'application/json'
const contentTypes = [
  undefined,
  '',
  'application/json; charset=utf-8',
  'APPLICATION/JSON',
  'application/json;charset=utf-16',
  'application/json, text/plain',
  'application/jsonx',
  'application/vnd.api+json',
  'text/plain',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  `text/${canary}`,
  `${'a'.repeat(5000)}`,
]
const badCredentials: readonly Credentials[] = [
  'none',
  'twice',
  'cut',
  'changed',
  'of another method',
  'garbage',
]
/** Half of the calls come without a token, as those of logged-out browsers. */
export const publicMethods: ReadonlySet<string> = new Set(['chat.bsky.group.getJoinLinkPreviews'])
const nothing = Buffer.alloc(0)

/** What a request is to be: most are as the lexicon has it, so that the rest of the service is reached too. */
type Kind = 'shaped' | 'edge' | 'broken value' | 'broken wire' | 'broken envelope'

function kindOf(dice: Dice): Kind {
  const throwOf100 = dice.below(100)
  if (throwOf100 < 58) return 'shaped'
  if (throwOf100 < 72) return 'edge'
  if (throwOf100 < 86) return 'broken value'
  if (throwOf100 < 96) return 'broken wire'
  return 'broken envelope'
}

/** The next request to a method, about `focus`. */
export function makeRequest(method: LexiconMethod, caller: Name, focus: Focus, dice: Dice): FuzzRequest {
  const kind = kindOf(dice)
  const source = { dice, focus, wildOneIn: kind === 'edge' ? 6 : 0 }
  const { type, nsid, parameters, input } = method
  let params = (parameters ? valueFor(parameters, '', source) : {}) as Record<string, unknown>
  let value = input?.schema ? valueFor(input.schema, '', source) : undefined
  if (kind === 'broken value') {
    if (input) value = breakValue(value, dice)
    else params = Object(breakValue(params, dice)) as Record<string, unknown>
  }
  const request: FuzzRequest = {
    nsid,
    caller,
    credentials: publicMethods.has(nsid) && dice.oneIn(2) ? 'none' : 'good',
    verb: type === 'query' ? 'GET' : 'POST',
    query: writeQuery(params),
    contentType: input ? json : undefined,
    body: input ? Buffer.from(writeJson(value)) : nothing,
  }
  if (kind === 'broken wire') {
    if (input && !dice.oneIn(8)) request.body = breakBytes(writeJson(value), dice)
    else request.query = breakQuery(request.query, parameters, dice)
  }
  if (kind === 'broken envelope') breakEnvelope(request, dice)
  return request
}

function breakEnvelope(request: FuzzRequest, dice: Dice): void {
  const part = dice.below(4)
  if (part === 0) request.verb = dice.pick(['GET', 'POST', 'PUT', 'DELETE', 'PROPFIND'])
  else if (part === 1) request.contentType = dice.pick(contentTypes)
  else if (part === 2) request.credentials = dice.pick(badCredentials)
  else request.body = dice.pick([nothing, Buffer.from('{}'), Buffer.from(canary), breakBytes('{}', dice)])
}

/** The `Authorization` headers of a request. */
export function authorizationOf(credentials: Credentials, token: string, otherToken: string): string[] {
  switch (credentials) {
    case 'good':
      return [`Bearer ${token}`]
    case 'none':
      return []
    case 'twice':
      return [`Bearer ${token}`, `Bearer ${token}`]
    case 'cut':
      return [`Bearer ${token.slice(0, -5)}`]
    case 'changed':
      return [`Bearer ${token.replace('.', '.A')}`]
    case 'of another method':
      return [`Bearer ${otherToken}`]
    case 'garbage':
      return [`Bearer ${canary}\u0000.e30.`]
  }
}
