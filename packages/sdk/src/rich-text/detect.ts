import { type Token, tokenize } from '@atcute/bluesky-richtext-parser'
import { type RichPart, RichText } from './rich-text.ts'

/** Finds links, mentions, hashtags and bare domains in text that somebody typed. Nothing of the text is changed. */
export function detect(text: string): RichText {
  return new RichText(tokenize(text).flatMap(partsOf))
}

/** Markdown is what its sender typed, and shown as typed; what stands inside it counts all the same. */
function partsOf(token: Token): RichPart[] {
  switch (token.type) {
    case 'mention':
      return [{ text: token.raw, mention: token.handle }]
    case 'topic':
      return [{ text: token.raw, tag: token.name }]
    case 'autolink':
      return [{ text: token.raw, link: token.url }]
    case 'link':
      return around(token.raw, token.url, [{ text: token.url, link: token.url }])
    case 'text':
      return withDomains(token.raw)
    default: {
      if (!('children' in token)) return [{ text: token.raw }]
      const inside = token.children.map(child => child.raw).join('')
      return around(token.raw, inside, token.children.flatMap(partsOf))
    }
  }
}

/** `raw` as text, but for `inside`, which is `parts`. */
function around(raw: string, inside: string, parts: RichPart[]): RichPart[] {
  const at = raw.lastIndexOf(inside)
  if (inside === '' || at < 0) return [{ text: raw }]
  const around = [{ text: raw.slice(0, at) }, ...parts, { text: raw.slice(at + inside.length) }]
  return around.filter(part => part.text !== '')
}

/** Only those that nobody takes for a file's name or the end of a sentence without a space. */
const topLevels =
  'com|org|net|edu|gov|io|app|dev|social|blue|xyz|info|me|art|blog|news|wiki|cloud|online|site|tech|tv|ai|' +
  'eu|uk|de|fr|it|es|nl|be|at|ch|se|no|fi|dk|pl|cz|pt|ie|jp|kr|cn|in|br|mx|ca|us|au|nz'
const domain = new RegExp(
  `(?<=^|[\\s(])((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+(?:${topLevels}))(?![a-z0-9.-]*[a-z0-9@])(/[^\\s()]*[^\\s().,;:!?'"])?`,
  'gi',
)

function withDomains(text: string): RichPart[] {
  const parts: RichPart[] = []
  let done = 0
  for (const { index, 0: found } of text.matchAll(domain)) {
    if (index > done) parts.push({ text: text.slice(done, index) })
    parts.push({ text: found, link: `https://${found}` })
    done = index + found.length
  }
  if (done < text.length) parts.push({ text: text.slice(done) })
  return parts
}
