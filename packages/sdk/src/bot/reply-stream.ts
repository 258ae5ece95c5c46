import { splitText } from '../dm/split-text.ts'
import { RichText } from '../rich-text/rich-text.ts'

/** Whatever is shorter fits a message, in UTF-16 units as in graphemes. */
const fitsAnyway = 1000

/** Text that comes bit by bit, as from a language model, in pieces that fit a message each: cut as sendLong() cuts. */
export async function* piecesOfStream(parts: AsyncIterable<string>): AsyncGenerator<string> {
  let held = ''
  for await (const part of parts) {
    held += part
    while (held.length > fitsAnyway) {
      const [piece, next] = splitText(new RichText([{ text: held }]))
      if (piece === undefined || next === undefined) break
      yield piece.text
      // Pieces begin and end with something to see.
      held = held.trimStart().slice(piece.text.length)
    }
  }
  const rest = held.trim()
  if (rest !== '') yield rest
}
