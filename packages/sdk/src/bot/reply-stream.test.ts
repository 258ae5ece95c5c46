import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { piecesOfStream } from './reply-stream.ts'

const family = '👩‍👩‍👧‍👦'

async function* inBits(text: string, units: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += units) yield text.slice(at, at + units)
}

describe('a reply that comes bit by bit', () => {
  const replies: [string, string][] = [
    ['sentences', 'A sentence of "some words." '.repeat(200)],
    ['one word', 'x'.repeat(3500)],
    ['emoji of many bytes', family.repeat(2000)],
    ['nothing but white space in between', `begin${' \n'.repeat(3000)}end`],
  ]
  for (const [what, text] of replies)
    for (const units of [7, 5000])
      it(`of ${what}, ${units} letters at a time, fits messages and loses nothing`, async () => {
        const pieces = await Array.fromAsync(piecesOfStream(inBits(text, units)))
        const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
        for (const piece of pieces) {
          assert.ok([...segmenter.segment(piece)].length <= 1000)
          assert.ok(Buffer.byteLength(piece) <= 10_000)
          if (text.includes(family)) assert.equal(piece.length % family.length, 0)
        }
        assert.equal(pieces.join('').replaceAll(/\s/g, ''), text.replaceAll(/\s/g, ''))
      })

  it('ends its messages where sentences do, in quotes or not', async () => {
    const [, text] = replies[0]!
    for (const piece of await Array.fromAsync(piecesOfStream(inBits(text, 11))))
      assert.match(piece, /^A sentence.*words\."$/s)
  })
})
