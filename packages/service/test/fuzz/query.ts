import type { Dice } from './dice.ts'
import type { LexiconDef } from './lexicon.ts'
import { canary } from './texts.ts'

/** Params as a client writes them into a URL: what repeats is repeated. */
export function writeQuery(params: Record<string, unknown>): string {
  return Object.entries(params)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map(one => pair(name, textOf(one))))
    .join('&')
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function pair(name: string, text: string): string {
  return `${encodeURIComponent(name)}=${encodeURIComponent(text.toWellFormed())}`
}

const oddTexts = [
  '',
  '%',
  '%zz',
  '%ff%fe',
  '%00',
  '%ed%a0%80',
  '+',
  '%2B',
  '1e3',
  '%201',
  '01',
  '-0',
  '-1',
  '0x10',
  '1.0',
  '101',
  '9007199254740993',
  '99999999999999999999',
  '%D9%A1',
  'NaN',
  'Infinity',
  'TRUE',
  'yes',
  '[]',
  '{}',
  'null',
  'undefined',
  canary,
  `%00${canary}`,
]

const wholeQueries = [
  '',
  '&',
  '=',
  '&&==&',
  '?',
  '#',
  '__proto__=1',
  '__proto__[limit]=1',
  'constructor=1&prototype=2&toString=3',
  canary,
  `%${canary}`,
  '\u0000',
  'limit',
  'limit=',
  'cursor=',
]

/** Breaks the query of a method in one place, or altogether. */
export function breakQuery(query: string, params: LexiconDef | undefined, dice: Dice): string {
  const names = Object.keys(params?.properties ?? { limit: 0, cursor: 0 })
  const name = names.length > 0 ? dice.pick(names) : canary
  const odd = dice.pick(oddTexts)
  const pairs = query.split('&').filter(one => one !== '')
  const kinds: (() => string)[] = [
    () => dice.pick(wholeQueries),
    () => [...pairs, `${name}=${odd}`].join('&'),
    () => [`${name}=${odd}`, ...pairs].join('&'),
    () => [...without(pairs, name), `${name}=${odd}`].join('&'),
    () => [...without(pairs, name), `${name}=${odd}`].join('&'),
    () => without(pairs, name).join('&'),
    () => [...without(pairs, name), name].join('&'),
    () => [...without(pairs, name), `${name}[]=${odd}`].join('&'),
    () => [...without(pairs, name), `${name}.0=${odd}`, `${name}%00=1`].join('&'),
    () => [...pairs, ...pairs].join('&'),
    () => query.replaceAll('=', '%3D'),
    () => query.replaceAll('&', ';'),
    () => query.toUpperCase(),
    () => `${query}&${canary}=${canary}&${name}`,
    () => (dice.oneIn(10) ? `${query}${`&${name}=${odd}`.repeat(2000)}` : `${query}&${name}=${odd}`),
    () => (dice.oneIn(10) ? `${query}&${name}=${'a'.repeat(16_000)}` : query),
  ]
  return dice.pick(kinds)()
}

function without(pairs: readonly string[], name: string): string[] {
  return pairs.filter(one => !one.startsWith(`${name}=`))
}
