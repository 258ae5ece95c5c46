/** Fewer than a message holds, so that a sentence more seldom makes it two. */
const piecesOf = 900

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Text that comes bit by bit, as from a language model, in pieces that fit a message each and end where sentences do. */
export async function* piecesOfStream(parts: AsyncIterable<string>): AsyncGenerator<string> {
  let held = ''
  for await (const part of parts) {
    held += part
    while (held.length > piecesOf) {
      const cut = cutOf(held)
      if (cut === undefined) break
      const piece = held.slice(0, cut).trim()
      if (piece !== '') yield piece
      held = held.slice(cut)
    }
  }
  const rest = held.trim()
  if (rest !== '') yield rest
}

/** Where to cut; `undefined` while it is too short to be cut. */
function cutOf(text: string): number | undefined {
  let count = 0
  let room: number | undefined
  for (const { index } of graphemes.segment(text)) {
    if (count === piecesOf) {
      room = index
      break
    }
    count += 1
  }
  if (room === undefined) return undefined
  const head = text.slice(0, room)
  const ends = [
    /\n\s*\n(?![\s\S]*\n\s*\n)/,
    /\n(?![\s\S]*\n)/,
    /[.!?…。！？]["'”’)]*\s(?![\s\S]*[.!?…。！？]["'”’)]*\s)/,
    /\s(?!.*\s)/s,
  ]
  for (const end of ends) {
    const found = end.exec(head)
    if (found && found.index > room / 2) return found.index + found[0].length
  }
  return room
}
