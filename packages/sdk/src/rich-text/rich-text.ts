import type { Main as Facet } from '@atcute/bluesky/types/app/richtext/facet'
import type { Did } from '@atcute/lexicons/syntax'

/** A piece of text, and what it means beyond its letters. */
export interface RichPart {
  text: string
  link?: string
  /** A DID or a handle. */
  mention?: string
  /** Without its `#`. */
  tag?: string
}

/** Text as messages carry it: which bytes of it are a link, a mention or a tag. */
export interface FacetedText {
  text: string
  facets: Facet[]
}

/** Text with links, mentions and tags: from `rich`…``, a TextBuilder or detect(). Handles are looked up on sending. */
export class RichText {
  readonly parts: readonly RichPart[]

  constructor(parts: readonly RichPart[]) {
    this.parts = parts
  }

  get text(): string {
    return this.parts.map(part => part.text).join('')
  }

  /** The bare text. */
  toString(): string {
    return this.text
  }

  /**
   * As a message holds it: facets by place in UTF-8 bytes. `find` gives the DID of a mention; where it gives none, the
   * mention stays plain text.
   */
  async withFacets(find: (actor: string) => Promise<Did | undefined>): Promise<FacetedText> {
    const facets: Facet[] = []
    let byteEnd = 0
    for (const part of this.parts) {
      const byteStart = byteEnd
      byteEnd += utf8Length(part.text)
      const feature = await featureOf(part, find)
      if (feature !== undefined && byteEnd > byteStart)
        facets.push({ index: { byteStart, byteEnd }, features: [feature] })
    }
    return { text: this.text, facets }
  }
}

type Feature = Facet['features'][number]

async function featureOf(
  { link, mention, tag }: RichPart,
  find: (actor: string) => Promise<Did | undefined>,
): Promise<Feature | undefined> {
  if (link !== undefined) return { $type: 'app.bsky.richtext.facet#link', uri: link as `${string}:${string}` }
  if (tag !== undefined) return { $type: 'app.bsky.richtext.facet#tag', tag }
  const did = mention === undefined ? undefined : await find(mention)
  return did && { $type: 'app.bsky.richtext.facet#mention', did }
}

const encoder = new TextEncoder()

export function utf8Length(text: string): number {
  return encoder.encode(text).length
}
