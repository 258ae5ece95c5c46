import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ErrorFrame, Frame, MessageFrame } from '@atproto/xrpc-server'
import { errorFrame, messageFrame } from './frame.ts'

const nsid = 'org.example.subscribe'

describe('a frame', () => {
  it('of a message names it shortly and carries the rest, byte for byte as the official one', () => {
    const message = { $type: `${nsid}#greeting`, text: 'grüße 👋', count: 3, list: [{ b: 1, aa: true }] }
    const { bytes, error } = messageFrame(nsid, message)
    const official = MessageFrame.fromLexValue(message, nsid)
    assert.deepEqual(Buffer.from(bytes), Buffer.from(official.toBytes()))
    const read = Frame.fromBytes(bytes) as MessageFrame
    assert.equal(read.type, '#greeting')
    assert.deepEqual(read.body, { text: 'grüße 👋', count: 3, list: [{ b: 1, aa: true }] })
    assert.equal(error, undefined)
  })

  it('names messages of other lexicons in full, and leaves out what is undefined', () => {
    const { bytes } = messageFrame(nsid, { $type: 'org.example.subscribers#x', text: undefined })
    const read = Frame.fromBytes(bytes) as MessageFrame
    assert.deepEqual([read.type, read.body], ['org.example.subscribers#x', {}])
  })

  it('needs the type of its message', () => {
    assert.throws(() => messageFrame(nsid, { text: 'x' }), /has no \$type/)
  })

  it('takes nothing along that is not its own', () => {
    const { bytes } = messageFrame(nsid, { $type: `${nsid}#greeting` })
    assert.equal(bytes.buffer.byteLength, bytes.length)
  })

  it('of an error is as the official one', () => {
    const body = { error: 'FutureCursor', message: 'Cursor in the future' }
    const { bytes, error } = errorFrame(body)
    assert.deepEqual(Buffer.from(bytes), Buffer.from(new ErrorFrame(body).toBytes()))
    assert.equal(error, 'FutureCursor')
  })
})
