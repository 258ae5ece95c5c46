import { type RichPart, RichText, utf8Length } from '../rich-text/rich-text.ts'

/** What one message holds (`chat.bsky.convo.defs#messageInput`). */
const GRAPHEMES_MAX = 1000
const BYTES_MAX = 10_000

interface Grapheme {
  text: string
  bytes: number
  part: RichPart
}

/**
 * Cuts text into pieces that fit a message each, at the end of a paragraph, else of a sentence, else of a word, else
 * anywhere; never inside a link, a mention or a tag that fits whole, and never inside a character.
 */
export function splitText(text: RichText): RichText[] {
  const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  const graphemes: Grapheme[] = text.parts.flatMap(part =>
    Array.from(segmenter.segment(part.text), ({ segment }) => ({
      text: segment,
      bytes: utf8Length(segment),
      part,
    })),
  )
  const pieces: RichText[] = []
  for (let start = 0; start < graphemes.length; ) {
    const room = fitting(graphemes, start)
    const end = room === graphemes.length ? room : cutBefore(graphemes, start, room)
    const piece = joined(graphemes.slice(start, end))
    if (piece !== undefined) pieces.push(piece)
    start = end
  }
  return pieces
}

/** Where a piece that begins at `start` must end at the latest. */
function fitting(graphemes: readonly Grapheme[], start: number): number {
  let bytes = 0
  let end = start
  while (end < graphemes.length && end - start < GRAPHEMES_MAX) {
    bytes += graphemes[end]!.bytes
    if (bytes > BYTES_MAX) break
    end += 1
  }
  // A single one of 10 000 bytes: let the service say what it thinks of it.
  return Math.max(end, start + 1)
}

/** The best place to end a piece, in its second half if there is one. */
function cutBefore(graphemes: readonly Grapheme[], start: number, room: number): number {
  let best = room
  let bestRank = 0
  for (let end = room; end > start + Math.floor((room - start) / 2); end -= 1) {
    const rank = rankOf(graphemes, end)
    if (rank > bestRank) [best, bestRank] = [end, rank]
  }
  return best
}

/** How good a place it is to cut before `graphemes[end]`. */
function rankOf(graphemes: readonly Grapheme[], end: number): number {
  const [last, next] = [graphemes[end - 1]!, graphemes[end]]
  if (next !== undefined && last.part === next.part && isRich(last.part)) return 0
  let before = end - 2
  if (last.text.includes('\n')) return graphemes[before]?.text.includes('\n') ? 5 : 4
  if (!/^\s$/.test(last.text)) return 1
  while (isOne('"\'”’)]', graphemes[before])) before -= 1
  return isOne('.!?…。！？', graphemes[before]) ? 3 : 2
}

function isOne(signs: string, grapheme: Grapheme | undefined): boolean {
  return grapheme !== undefined && signs.includes(grapheme.text)
}

function isRich(part: RichPart): boolean {
  return part.link !== undefined || part.mention !== undefined || part.tag !== undefined
}

/** `undefined` of nothing but white space. */
function joined(graphemes: readonly Grapheme[]): RichText | undefined {
  const parts: RichPart[] = []
  let last: RichPart | undefined
  for (const { text, part } of graphemes) {
    if (part === last) parts[parts.length - 1]!.text += text
    else parts.push({ ...part, text })
    last = part
  }
  const first = parts[0]
  const end = parts.at(-1)
  if (first && !isRich(first)) first.text = first.text.trimStart()
  if (end && !isRich(end)) end.text = end.text.trimEnd()
  return parts.some(part => part.text !== '') ? new RichText(parts) : undefined
}
