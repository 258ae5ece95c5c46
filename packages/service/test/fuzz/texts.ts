import type { Dice } from './dice.ts'
import type { LexiconDef } from './lexicon.ts'

/** Stands in texts and odd values; whoever finds it in a refusal or a log line has found a leak. */
export const canary = 'quokka'

/** One grapheme each: of one byte, of several, of several code points, and the letter that everybody uses. */
const units = ['a', 'é', '漢', '👍', '👩‍👩‍👧‍👦', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', 'e\u0301', 'Z\u0351\u036b\u0343\u036a']
const everyday = [
  canary,
  `hello ${canary}`,
  '😀',
  '',
  ' ',
  `two\nlines ${canary}`,
  `\u0000${canary}`,
  `\ufeff${canary}`,
  `${canary}\u2028\u2029`,
  `\u202e${canary}`,
  `'; drop table message; -- ${canary}`,
  `{"$type":"${canary}"}`,
  '__proto__',
  'null',
]

/** A text within the bounds of its definition: mostly short, now and then at the very edge. */
export function textWithin(def: LexiconDef, dice: Dice): string {
  const { maxLength = 300, maxGraphemes = 300, minLength = 0 } = def
  if (!dice.oneIn(25)) {
    const short = dice.pick(everyday)
    if (fits(short, def)) return short
  }
  const unit = dice.pick(units)
  const most = Math.min(Math.floor(maxLength / Buffer.byteLength(unit)), maxGraphemes)
  const least = Math.ceil(minLength / Buffer.byteLength(unit))
  // The longest cost a millisecond to measure: they come seldom.
  const count = dice.oneIn(8) ? dice.pick([most, most - 1]) : dice.pick([least, least + 1, least + 2])
  return unit.repeat(Math.max(least, Math.min(count, most)))
}

/** A text just outside one bound, or one within where it has none. */
export function textOutside(def: LexiconDef, dice: Dice): string {
  const { maxLength, maxGraphemes, minLength } = def
  const unit = dice.pick(units)
  const kinds: (() => string)[] = []
  if (maxLength) kinds.push(() => unit.repeat(Math.floor(maxLength / Buffer.byteLength(unit)) + 1))
  if (maxLength) kinds.push(() => 'a'.repeat(maxLength + 1))
  if (maxGraphemes) kinds.push(() => unit.repeat(maxGraphemes + 1))
  if (minLength) kinds.push(() => 'a'.repeat(minLength - 1))
  return kinds.length > 0 ? dice.pick(kinds)() : textWithin(def, dice)
}

function fits(text: string, { minLength = 0, maxLength, maxGraphemes }: LexiconDef): boolean {
  // In these short ones a grapheme is at least one UTF-16 unit.
  return (
    text.length >= minLength &&
    (maxLength === undefined || Buffer.byteLength(text) <= maxLength) &&
    (maxGraphemes === undefined || text.length <= maxGraphemes)
  )
}
