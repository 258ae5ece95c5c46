/** Characters that move the cursor, colour, rename the window, or turn the line around. */
const unsafe = /[\p{Cc}\u202a-\u202e\u2028\u2029\u2066-\u2069]/gu

/** Text of others in one line, without anything that a terminal would obey: control characters are shown, not sent. */
export function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replace(unsafe, shown)
}

/** The same, line by line. */
export function cleanLines(text: string): string[] {
  return text.split(/\r\n|\r|\n/).map(clean)
}

/** An object in one line, in which nothing is left that a terminal would obey. It reads as the same. */
export function cleanJson(value: unknown): string {
  return escapeJson(JSON.stringify(value))
}

/** The same of what is JSON already: `JSON.stringify` leaves some control characters as they are. */
export function escapeJson(json: string): string {
  return json.replace(unsafe, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function shown(character: string): string {
  const code = character.charCodeAt(0)
  if (code === 0x09) return ' '
  if (code < 0x20) return String.fromCharCode(0x2400 + code) // ␛ and the like
  return code === 0x7f ? '␡' : '\ufffd'
}
