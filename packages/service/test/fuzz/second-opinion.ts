import { jsonToLex, lexicons } from '@atproto/api'
import type { LexiconDef, LexiconMethod } from './lexicon.ts'
import type { FuzzRequest } from './request.ts'

/**
 * What the official lexicons have against a call that was answered: against the answer, and against a request
 * that should have been refused. The service validates with schemas that somebody else generated.
 */
export function officialComplaints(
  { nsid, parameters, input, output }: LexiconMethod,
  { query, body }: FuzzRequest,
  answer: string,
): string[] {
  const complaints: string[] = []
  if (output?.encoding === 'application/json')
    complaints.push(...complaintsOf(() => lexicons.assertValidXrpcOutput(nsid, lexFrom(answer))))
  if (output?.encoding === 'application/jsonl') complaints.push(...complaintsOf(() => readLines(answer)))
  if (parameters)
    complaints.push(...complaintsOf(() => lexicons.assertValidXrpcParams(nsid, paramsOf(query, parameters))))
  if (input)
    complaints.push(...complaintsOf(() => lexicons.assertValidXrpcInput(nsid, lexFrom(body.toString()))))
  return complaints
}

function complaintsOf(check: () => unknown): string[] {
  try {
    check()
    return []
  } catch (error) {
    return [`against the official lexicon: ${(error as Error).message}`]
  }
}

function lexFrom(text: string): unknown {
  return jsonToLex(JSON.parse(text))
}

function readLines(text: string): unknown[] {
  const lines = text.split('\n').filter(line => line !== '')
  return lines.map(line => JSON.parse(line))
}

/** A query string as params of its lexicon, read as official servers do; empty ones are absent (behaviour.md 1.8). */
export function paramsOf(query: string, { properties = {} }: LexiconDef): Record<string, unknown> {
  const given = new URLSearchParams(query)
  const params: Record<string, unknown> = {}
  for (const [name, def] of Object.entries(properties)) {
    const texts = given.getAll(name).filter(text => text !== '')
    if (texts.length === 0) continue
    const values = texts.map(text => paramOf(text, def.items ?? def))
    params[name] = def.type === 'array' ? values : values[0]
  }
  return params
}

function paramOf(text: string, def: LexiconDef): unknown {
  if (def.type === 'integer') return Number(text)
  if (def.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  return text
}
