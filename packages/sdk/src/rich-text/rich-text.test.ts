import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Did } from '@atcute/lexicons/syntax'
import { splitText } from '../dm/split-text.ts'
import { detect } from './detect.ts'
import { link, mention, rich, tag } from './rich.ts'
import type { RichText } from './rich-text.ts'
import { segmentsOf } from './segments.ts'
import { TextBuilder } from './text-builder.ts'

const bob: Did = 'did:plc:bobbobbobbobbobbobbobbob'
const find = async (actor: string) => (actor === 'bob.test' || actor === bob ? bob : undefined)

/** What a reader sees of it. */
async function shown(text: RichText) {
  const { text: plain, facets } = await text.withFacets(find)
  return segmentsOf(plain, facets)
}

describe('rich text', () => {
  it('is built in three ways that mean the same', async () => {
    const expected = [
      { text: 'Hëllo 👋🏽 ' },
      { text: '@bob.test', mention: bob },
      { text: ', see ' },
      { text: 'https://example.com/a?b=c', link: 'https://example.com/a?b=c' },
      { text: ' ' },
      { text: '#atproto', tag: 'atproto' },
    ]
    const url = 'https://example.com/a?b=c'
    const template = rich`Hëllo 👋🏽 ${mention('bob.test')}, see ${link(url, url)} ${tag('atproto')}`
    const built = new TextBuilder()
      .text('Hëllo 👋🏽 ')
      .mention('@bob.test', 'bob.test')
      .text(', see ')
      .link(url, url)
      .text(' ')
      .tag('#atproto', 'atproto')
      .build()
    const found = detect('Hëllo 👋🏽 @bob.test, see https://example.com/a?b=c #atproto')
    for (const text of [template, built, found]) assert.deepEqual(await shown(text), expected)
  })

  it('leaves a mention of nobody as it is', async () => {
    assert.deepEqual(await shown(detect('ask @nobody.test')), [{ text: 'ask @nobody.test' }])
  })

  it('puts other values in as text', () => {
    assert.equal(rich`${1} and ${true}`.text, '1 and true')
  })
})

describe('what is found in plain text', () => {
  const rows: [string, object[]][] = [
    [
      'see example.com.',
      [{ text: 'see ' }, { text: 'example.com', link: 'https://example.com' }, { text: '.' }],
    ],
    [
      '(example.com/path)',
      [{ text: '(' }, { text: 'example.com/path', link: 'https://example.com/path' }, { text: ')' }],
    ],
    ['edit main.ts and notes.md', [{ text: 'edit main.ts and notes.md' }]],
    ['me@example.com', [{ text: 'me@example.com' }]],
    ['the end.Then', [{ text: 'the end.Then' }]],
    ['**bold @bob.test**', [{ text: '**bold ' }, { text: '@bob.test', mention: bob }, { text: '**' }]],
    ['`@bob.test`', [{ text: '`@bob.test`' }]],
    [
      '[x](https://example.com)',
      [{ text: '[x](' }, { text: 'https://example.com', link: 'https://example.com' }, { text: ')' }],
    ],
    ['', []],
  ]
  for (const [text, expected] of rows)
    it(JSON.stringify(text), async () => {
      assert.equal(detect(text).text, text)
      assert.deepEqual(await shown(detect(text)), expected)
    })
})

describe('segments of what others wrote', () => {
  const facet = (byteStart: number, byteEnd: number, uri = 'https://x.test') =>
    ({ index: { byteStart, byteEnd }, features: [{ $type: 'app.bsky.richtext.facet#link', uri }] }) as never
  it('leave out facets that overlap, lie outside, or cut a character', () => {
    assert.deepEqual(segmentsOf('abc', [facet(0, 2), facet(1, 3)]), [
      { text: 'ab', link: 'https://x.test' },
      { text: 'c' },
    ])
    for (const bad of [facet(2, 9), facet(-1, 1), facet(2, 1), facet(1, 1)])
      assert.deepEqual(segmentsOf('abc', [bad]), [{ text: 'abc' }])
    assert.deepEqual(segmentsOf('é', [facet(0, 1)]), [{ text: 'é' }])
    assert.deepEqual(segmentsOf('éa', [facet(1, 3)]), [{ text: 'éa' }])
  })
})

describe('long text', () => {
  const longs: [string, string][] = [
    ['sentences', 'A sentence of some words. '.repeat(100)],
    ['words', 'word '.repeat(700)],
    ['one word', 'x'.repeat(2500)],
    ['emoji', '👩‍👩‍👧‍👦'.repeat(1100)],
    ['paragraphs', `${'word '.repeat(100)}\n\n`.repeat(8)],
  ]
  for (const [what, text] of longs)
    it(`of ${what} is cut into pieces that fit, and loses nothing but white space`, () => {
      const pieces = splitText(detect(text)).map(piece => piece.text)
      const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
      for (const piece of pieces) {
        assert.ok([...graphemes.segment(piece)].length <= 1000)
        assert.ok(Buffer.byteLength(piece) <= 10_000)
      }
      assert.equal(pieces.join('').replaceAll(/\s/g, ''), text.replaceAll(/\s/g, ''))
    })

  it('ends where sentences do', () => {
    for (const piece of splitText(detect('A sentence of some words. '.repeat(100))))
      assert.match(piece.text, /^A sentence.*words\.$/s)
  })

  it('does not cut a link', () => {
    const url = `https://example.com/${'x'.repeat(60)}`
    const pieces = splitText(rich`${'word '.repeat(195)}${link(url, url)} and more`)
    assert.ok(pieces.some(piece => piece.parts.some(part => part.text === url && part.link === url)))
  })
})
