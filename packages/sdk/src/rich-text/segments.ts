import type { Main as Facet } from '@atcute/bluesky/types/app/richtext/facet'

/** A stretch of a message for showing. `link` is whatever its sender wrote: look at it before it becomes a reference. */
export interface Segment {
  text: string
  mention?: string
  link?: string
  tag?: string
}

/** Cuts a message's text at its facets. Facets that overlap, lie outside or cut a character in two are left out. */
export function segmentsOf(text: string, facets: readonly Facet[] = []): Segment[] {
  const bytes = new TextEncoder().encode(text)
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const segments: Segment[] = []
  let done = 0
  const take = (end: number): string | undefined => {
    try {
      return decoder.decode(bytes.subarray(done, end))
    } catch {
      return undefined
    }
  }
  const byPlace = [...facets].sort((a, b) => a.index.byteStart - b.index.byteStart)
  for (const { index, features } of byPlace) {
    const { byteStart, byteEnd } = index
    if (byteStart < done || byteEnd <= byteStart || byteEnd > bytes.length) continue
    const meaning = meaningOf(features)
    const before = take(byteStart)
    if (meaning === undefined || before === undefined) continue
    const from = done
    done = byteStart
    const inside = take(byteEnd)
    if (inside === undefined) {
      done = from
      continue
    }
    if (before !== '') segments.push({ text: before })
    segments.push({ text: inside, ...meaning })
    done = byteEnd
  }
  const rest = take(bytes.length)!
  if (rest !== '') segments.push({ text: rest })
  return segments
}

function meaningOf(features: Facet['features']): Omit<Segment, 'text'> | undefined {
  for (const feature of features) {
    if (feature.$type === 'app.bsky.richtext.facet#mention') return { mention: feature.did }
    if (feature.$type === 'app.bsky.richtext.facet#link') return { link: feature.uri }
    if (feature.$type === 'app.bsky.richtext.facet#tag') return { tag: feature.tag }
  }
  return undefined
}
