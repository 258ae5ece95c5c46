import { isUtf8 } from 'node:buffer'
import { invalidRequest } from '../errors.ts'
import { jsonDepthMax, jsonValuesMax } from '../limits.ts'
import type { MethodSchema } from './endpoint.ts'
import { validate } from './validate.ts'

/** A request's body before anybody looked into it. */
export interface Body {
  contentType: string | undefined
  bytes: Buffer
}

/** Reads a body as a method's input, or refuses with InvalidRequest. */
export type InputReader = (body: Body) => unknown

export function createInputReader(schema: MethodSchema): InputReader {
  const input = schema.type === 'xrpc_procedure' ? schema.input : null
  if (input === null) return refuseBody
  if (input.type === 'blob') throw new Error(`${schema.nsid}: input that is not JSON is not supported`)
  return body => validate(input.schema, readJson(body), 'input')
}

function refuseBody({ bytes }: Body): undefined {
  if (bytes.length > 0) throw invalidRequest('A request body was provided when none was expected')
}

function readJson({ contentType, bytes }: Body): unknown {
  if (bytes.length === 0) throw invalidRequest('A request body is expected but none was provided')
  if (!/^application\/json *(;|$)/i.test(contentType ?? '')) {
    throw invalidRequest('Wrong request encoding (Content-Type): expected application/json')
  }
  if (!isUtf8(bytes)) throw invalidRequest('Invalid JSON: not UTF-8')
  const value = parseJson(bytes.toString())
  checkJson(value)
  return value
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Without its cause: the parser's message quotes the text.
    throw invalidRequest('Invalid JSON')
  }
}

/** Refuses what JSON allows and nobody sends in good faith. A loop, not a recursion: the depth is the sender's choice. */
function checkJson(root: unknown): void {
  let level: unknown[] = [root]
  let values = 0
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > jsonDepthMax) throw invalidRequest(`Invalid JSON: nested deeper than ${jsonDepthMax} levels`)
    values += level.length
    if (values > jsonValuesMax) throw invalidRequest(`Invalid JSON: more than ${jsonValuesMax} values`)
    const below: unknown[] = []
    for (const value of level) {
      if (typeof value === 'string') checkText(value)
      else if (Array.isArray(value)) for (const item of value) below.push(item)
      else if (typeof value === 'object' && value !== null)
        checkFields(value as Record<string, unknown>, below)
    }
    level = below
  }
}

function checkFields(object: Record<string, unknown>, below: unknown[]): void {
  for (const name of Object.keys(object)) {
    checkText(name)
    // Harmless until somebody copies fields one by one or merges deeply.
    if (name === '__proto__' || name === 'constructor')
      throw invalidRequest('Invalid JSON: forbidden field name')
    below.push(object[name])
  }
}

/** Half a surrogate pair (`"\ud800"`) has no UTF-8 form: a store would change it, so that it reads back differently. */
function checkText(text: string): void {
  if (!text.isWellFormed()) throw invalidRequest('Invalid JSON: a string holds half a surrogate pair')
}
