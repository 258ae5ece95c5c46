import type { LexiconDef } from './lexicon.ts'

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
