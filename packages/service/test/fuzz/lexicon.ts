import { lexicons } from '@atproto/api'

/** As much of a lexicon definition as a generator of values looks at. References are full: `lex:<nsid>#<name>`. */
export interface LexiconDef {
  type: string
  properties?: Record<string, LexiconDef>
  required?: string[]
  items?: LexiconDef
  ref?: string
  refs?: string[]
  closed?: boolean
  format?: string
  const?: unknown
  enum?: unknown[]
  knownValues?: string[]
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  maxGraphemes?: number
}

/** A query or procedure of the official lexicons. */
export interface LexiconMethod {
  nsid: string
  type: 'query' | 'procedure'
  parameters?: LexiconDef
  input?: { encoding: string; schema?: LexiconDef }
  output?: { encoding: string; schema?: LexiconDef }
  errors?: { name: string }[]
}

/** The params of a method of any kind, subscriptions included. */
export function officialParams(nsid: string): LexiconDef {
  return (lexicons.getDefOrThrow(nsid) as { parameters?: LexiconDef }).parameters!
}

/** @throws where no official lexicon has the method: the fuzzer knows of no other source. */
export function officialMethod(nsid: string): LexiconMethod {
  return { nsid, ...(lexicons.getDefOrThrow(nsid, ['query', 'procedure']) as object) } as LexiconMethod
}

export function officialDef(ref: string): LexiconDef {
  return lexicons.getDefOrThrow(ref) as LexiconDef
}
