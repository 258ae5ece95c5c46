import type { Dice } from './dice.ts'
import { type LexiconDef, officialDef } from './lexicon.ts'
import { extraNames, formats, meanings } from './meanings.ts'
import type { Focus } from './scene.ts'
import { textOutside, textWithin } from './texts.ts'

/** What values are made from. */
export interface Source {
  dice: Dice
  focus: Focus
  /** One in so many places breaks the lexicon: a bound, a format, a required field. 0 for none. */
  wildOneIn: number
}

const depthMax = 8

/** A value of a definition. `name` is that of the field it will stand in: it tells what a string means. */
export function valueFor(def: LexiconDef, name: string, source: Source, depth = 0): unknown {
  const { dice } = source
  if (def.const !== undefined) return def.const
  if (def.enum) return isWild(source) ? 'none of these' : dice.pick(def.enum)
  switch (def.type) {
    case 'string':
      return stringFor(def, name, source)
    case 'integer':
      return integerFor(def, source)
    case 'boolean':
      return dice.oneIn(2)
    case 'array':
      return arrayFor(def, name, source, depth)
    case 'object':
    case 'params':
      return objectFor(def, source, depth)
    case 'ref':
      return referred(def.ref!, name, source, depth)
    case 'union':
      return unionFor(def, name, source, depth)
    case 'cid-link':
      return { $link: stringFor({ type: 'string', format: 'cid' }, name, source) }
    case 'bytes':
      return { $bytes: dice.pick(['', 'AAAA', 'not base64!']) }
    default:
      return dice.pick([{}, { $type: 'app.bsky.feed.post', text: '' }, { a: [1, { b: null }] }])
  }
}

function isWild({ dice, wildOneIn }: Source): boolean {
  return wildOneIn > 0 && dice.oneIn(wildOneIn)
}

function stringFor(def: LexiconDef, name: string, source: Source): string {
  const { dice, focus } = source
  const format = formats[def.format ?? '']
  if (isWild(source)) return format ? dice.pick(format.outside) : textOutside(def, dice)
  if (format) return format.within(dice, focus)
  if (Object.hasOwn(meanings, name)) return meanings[name]!(dice, focus)
  if (def.knownValues && !dice.oneIn(8)) return dice.pick(def.knownValues)
  return textWithin(def, dice)
}

function integerFor({ minimum, maximum }: LexiconDef, source: Source): number {
  const { dice } = source
  if (isWild(source))
    return dice.pick([(minimum ?? 0) - 1, (maximum ?? 2 ** 53) + 1, -1, 2 ** 53, -(2 ** 53)])
  const least = minimum ?? 0
  const most = maximum ?? Number.MAX_SAFE_INTEGER
  // Large pages cost their time: they come seldom.
  return dice.oneIn(12) ? dice.pick([most, most - 1]) : Math.min(least + dice.below(4), most)
}

function arrayFor(
  { items, minLength = 0, maxLength }: LexiconDef,
  name: string,
  source: Source,
  depth: number,
): unknown[] {
  const { dice } = source
  let length = minLength + (dice.oneIn(3) ? dice.below(4) : 0)
  if (minLength === 0 && dice.oneIn(2)) length = 1
  if (maxLength !== undefined && dice.oneIn(60)) length = maxLength - dice.below(2)
  if (isWild(source)) length = dice.pick([minLength - 1, (maxLength ?? 200) + 1])
  if (depth > depthMax) length = minLength
  return Array.from({ length: Math.max(0, length) }, () => valueFor(items!, name, source, depth + 1))
}

function objectFor({ properties = {}, required = [] }: LexiconDef, source: Source, depth: number): object {
  const { dice } = source
  const fields: Record<string, unknown> = {}
  for (const [name, def] of Object.entries(properties)) {
    const isRequired = required.includes(name)
    if (isRequired ? isWild(source) : depth > depthMax || dice.oneIn(2)) {
      if (isWild(source)) fields[name] = null
      continue
    }
    fields[name] = valueFor(def, name, source, depth + 1)
  }
  if (dice.oneIn(25)) {
    const name = dice.pick(extraNames)
    if (!Object.hasOwn(properties, name))
      fields[name] = dice.pick(['k1', 'k2', 'k3', '', 0, null, [], {}, 'k'.repeat(200)])
  }
  return fields
}

function referred(ref: string, name: string, source: Source, depth: number): unknown {
  const def = officialDef(ref)
  const value = valueFor(def, name, source, depth)
  // A plain reference needs no $type; some clients send it.
  if (def.type === 'object' && source.dice.oneIn(10)) return { $type: typeName(ref), ...(value as object) }
  return value
}

function unionFor({ refs = [], closed }: LexiconDef, name: string, source: Source, depth: number): unknown {
  const { dice } = source
  const ref = dice.pick(refs)
  const value = valueFor(officialDef(ref), name, source, depth) as object
  if (isWild(source))
    return dice.pick([value, { ...value, $type: '' }, { ...value, $type: 7 }, { $type: typeName(ref) }])
  if (!closed && dice.oneIn(10)) return { ...value, $type: 'app.bsky.embed.images' }
  return { $type: typeName(ref), ...value }
}

/** As the wire has it: without `lex:`, and without the name of a main definition. */
function typeName(ref: string): string {
  return ref.replace(/^lex:/, '').replace(/#main$/, '')
}
