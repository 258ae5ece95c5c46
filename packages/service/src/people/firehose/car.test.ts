import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import { toString as cidToString, fromDigest } from '@atcute/cid'
import { readBlocks } from './car.ts'

const data = Buffer.from('a block')
const cid = fromDigest(0x71, hash('sha256', data, 'buffer'))
const block = Buffer.concat([cid.bytes, data])
/** An empty header, and one block. */
const car = Buffer.concat([Uint8Array.of(0, block.length), block])

test('blocks are found by their CID', () => {
  const blocks = readBlocks(car)
  assert.deepEqual([...blocks.keys()], [cidToString(cid)])
  assert.deepEqual(Buffer.from(blocks.get(cidToString(cid))!), data)
})

test('a file cut off anywhere inside a block is refused', () => {
  for (let length = 2; length < car.length; length++) assert.throws(() => readBlocks(car.subarray(0, length)))
  assert.throws(() => readBlocks(new Uint8Array()))
})

test('a length beyond the file, or beyond all bounds, is refused', () => {
  assert.throws(() => readBlocks(Uint8Array.of(0, 0xff, 0xff, 0x7f, 1)), RangeError)
  assert.throws(() => readBlocks(Buffer.alloc(100, 0xff)), RangeError)
})
