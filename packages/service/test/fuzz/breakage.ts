import type { Dice } from './dice.ts'
import { canary } from './texts.ts'

/** Wrong in every definition or nearly so. What JSON.stringify cannot write stands as a text: see writeJson. */
const hostile: readonly ((old: unknown) => unknown)[] = [
  () => null,
  () => true,
  () => 0,
  () => -1,
  () => 1.5,
  () => 2 ** 53,
  () => literal('1e400'),
  () => literal('-1e400'),
  () => literal('-0'),
  () => literal('1.0'),
  () => literal('1e0'),
  () => literal('123456789012345678901234567890'),
  () => '',
  () => canary,
  () => '\ud800',
  () => `${canary}\udc00${canary}`,
  () => '\u0000',
  () => [],
  () => ({}),
  () => [[]],
  () => [null],
  old => [old],
  old => [old, old],
  old => [old, null],
  old => ({ value: old }),
  old => ({ length: 1, 0: old }),
  old => JSON.stringify(old),
  old => (typeof old === 'string' ? Number(old) : String(typeof old)),
  () => ({ toString: canary, valueOf: canary, toJSON: canary, length: -1 }),
  () => ({ $type: '__proto__' }),
  () => ({ $link: canary }),
]

/** What costs its time to write and to read: comes seldom. */
const heavy: readonly ((old: unknown) => unknown)[] = [
  () => nested(20),
  () => nested(33),
  () => nested(2000),
  old => Array.from({ length: 200 }, () => old),
  () => 'a'.repeat(20_000),
]

/** Breaks a value in one place; the value itself may be changed. */
export function breakValue(value: unknown, dice: Dice): unknown {
  const places = placesIn(value)
  const change = dice.pick(dice.oneIn(20) ? heavy : hostile)
  if (places.length === 0 || dice.oneIn(12)) return change(value)
  const { parent, name } = dice.pick(places)
  if (dice.oneIn(6) && !Array.isArray(parent)) delete parent[name]
  else parent[name] = change(parent[name])
  return value
}

interface Place {
  parent: Record<string, unknown>
  name: string
}

function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return []
  const parent = value as Record<string, unknown>
  return Object.keys(parent).flatMap(name => [{ parent, name }, ...placesIn(parent[name])])
}

function nested(depth: number): unknown {
  let value: unknown = canary
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { value }
  return value
}

const literalMark = '\u0001literal:'

/** A number that JSON can say and JavaScript would write otherwise. */
function literal(text: string): string {
  return literalMark + text
}

export function writeJson(value: unknown): string {
  const text = JSON.stringify(value) ?? ''
  return text.includes('\\u0001literal:') ? text.replaceAll(/"\\u0001literal:([^"]*)"/g, '$1') : text
}

const insertions = [
  '"__proto__":{"convoId":"x","isAdmin":true},',
  '"\\u005f_proto__":[],',
  '"constructor":{"prototype":{"text":"x"}},',
  '"prototype":1,',
  '"convoId":"3kabcdefghi22",',
  '"message":null,',
  `"\\ud800":"${canary}",`,
  '"":0,',
]

const wholeBodies = [
  '',
  ' ',
  'null',
  'true',
  '0',
  '-',
  '""',
  `"${canary}"`,
  '[]',
  '{}',
  '[{}]',
  `{"${canary}"`,
  `{${canary}:1}`,
  `{'a':'${canary}'}`,
  '{"a":1,}',
  '{"a":NaN}',
  '{"a":01}',
  '{}{}',
  '{}\u0000',
  '\u0000',
  '\ufeff{}',
  `// ${canary}\n{}`,
  '[1e400,-1e400,1e-400]',
]

/** Breaks a JSON text as bytes: what no value of JavaScript could be written as. */
export function breakBytes(text: string, dice: Dice): Buffer {
  const kinds: (() => Buffer)[] = [
    () => Buffer.from(dice.pick(wholeBodies)),
    () => Buffer.from(insertAtBrace(text, dice)),
    () => Buffer.from(insertAtBrace(text, dice)),
    // The last of two fields of one name counts.
    () => Buffer.from(text.replace(/\}$/, `,${dice.pick(insertions).slice(0, -1)}}`)),
    () => Buffer.from(text).subarray(0, dice.below(text.length + 1)),
    () => Buffer.concat([Buffer.from(dice.pick(['\ufeff', '\u0000', ' \n\t', canary])), Buffer.from(text)]),
    () => Buffer.from(text + dice.pick(['\u0000', '}', ',', canary, ' \n'])),
    () => withBytes(text, dice),
    () => flipped(text, dice),
    () => Buffer.from(text, 'utf16le'),
    () => Buffer.from(text, 'latin1'),
    () => Buffer.from(text.replaceAll('"', "'")),
    () => Buffer.from(seldom(dice, () => `${'['.repeat(50_000)}${']'.repeat(50_000)}`)),
    () => Buffer.from(seldom(dice, () => `[${'0,'.repeat(51_000)}0]`)),
    () => Buffer.from(seldom(dice, () => `{"a":"${'a'.repeat(161 * 1024)}"}`)),
    () => Buffer.from(seldom(dice, () => text.padEnd(159 * 1024))),
    () => (dice.oneIn(100) ? Buffer.alloc(2 * 1024 * 1024 + 1, '[') : Buffer.from('[')),
  ]
  return dice.pick(kinds)()
}

/** What costs milliseconds to make or to read. */
function seldom(dice: Dice, make: () => string): string {
  return dice.oneIn(10) ? make() : '[[[[]]]]'
}

function insertAtBrace(text: string, dice: Dice): string {
  const braces = [...text.matchAll(/\{/g)].map(match => match.index + 1)
  const at = braces.length > 0 ? dice.pick(braces) : 0
  return text.slice(0, at) + dice.pick(insertions) + text.slice(at)
}

const badUtf8 = [
  [0xff],
  [0xc0, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xe2, 0x82],
  [0x80],
  [0x00],
  [0xef, 0xbb, 0xbf],
]

function withBytes(text: string, dice: Dice): Buffer {
  const bytes = Buffer.from(text)
  const at = dice.below(bytes.length + 1)
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(dice.pick(badUtf8)), bytes.subarray(at)])
}

function flipped(text: string, dice: Dice): Buffer {
  const bytes = Buffer.from(text)
  if (bytes.length > 0) bytes[dice.below(bytes.length)]! ^= 1 << dice.below(8)
  return bytes
}
