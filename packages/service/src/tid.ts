/**
 * Revs, message ids and convo ids are one thing: a moment in microseconds, unique and rising.
 * Inside it is a safe integer; as text, at the edge only, a 13-character TID whose clock id is 0
 * (atproto.com/specs/tid; behaviour.md 3.2 and 7).
 */
export type Tid = number

const ALPHABET = '234567abcdefghijklmnopqrstuvwxyz'
const TID_TEXT = /^[234567a-j][234567a-z]{12}$/
const CLOCK_ID_ZERO = '22'
const LOW_BITS = 2 ** 25

/** Milliseconds since the epoch as the first tid of that millisecond. */
export function tidAt(ms: number): Tid {
  return ms * 1000
}

const dayMs = 24 * 60 * 60 * 1000

/** The day that was asked for last, as its moments begin. */
let lastDay = { number: Number.NaN, text: '' }

/** The moment a tid stands for, ISO 8601 with milliseconds. A page has a hundred: Date writes one in half a microsecond. */
export function tidTime(tid: Tid): string {
  const ms = Math.floor(tid / 1000)
  const number = Math.floor(ms / dayMs)
  if (number !== lastDay.number) {
    lastDay = { number, text: new Date(number * dayMs).toISOString().slice(0, 'YYYY-MM-DDT'.length) }
  }
  const rest = ms - number * dayMs
  const seconds = Math.floor(rest / 1000)
  const minutes = Math.floor(seconds / 60)
  const clock = `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}:${twoDigits(seconds % 60)}`
  return `${lastDay.text}${clock}.${String(rest % 1000).padStart(3, '0')}Z`
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value)
}

export function formatTid(tid: Tid): string {
  return digits(Math.floor(tid / LOW_BITS), 6) + digits(tid % LOW_BITS, 5) + CLOCK_ID_ZERO
}

/** The tid a text names, or `undefined` where no tid of ours is written so. */
export function parseTid(text: string): Tid | undefined {
  return TID_TEXT.test(text) && text.endsWith(CLOCK_ID_ZERO) ? microseconds(text) : undefined
}

/**
 * Reads a cursor, which may be any rev, also a foreign one. `tid > after` and `tid < before` hold exactly
 * where the texts compare so; `2222222222222` is before everything. `undefined` where the text is no rev at all.
 */
export function parseCursor(text: string): { after: Tid; before: Tid } | undefined {
  if (!TID_TEXT.test(text)) return undefined
  const tid = Math.min(microseconds(text), Number.MAX_SAFE_INTEGER - 1)
  return { after: tid, before: text.endsWith(CLOCK_ID_ZERO) ? tid : tid + 1 }
}

function digits(value: number, count: number): string {
  let text = ''
  for (let shift = (count - 1) * 5; shift >= 0; shift -= 5) text += ALPHABET[(value >>> shift) & 31]
  return text
}

function microseconds(text: string): number {
  let value = 0
  for (let i = 0; i < 11; i++) value = value * 32 + ALPHABET.indexOf(text[i]!)
  return value
}
