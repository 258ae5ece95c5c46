import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ErrorFrame, Frame, MessageFrame } from '@atproto/xrpc-server'
import { errorFrame, messageFrame } from './frame.ts'

const nsid = 'org.example.subscribe'

describe('a frame', () => {
  it('of a message names it shortly and carries the rest, byte for byte as the official one', () => {
    const message = { $type: `${nsid}#greeting`, text: 'grüße 👋', count: 3, list: [{ b: 1, aa: true }] }
    const { data, error } = messageFrame(nsid, message, 'cbor')
    const official = MessageFrame.fromLexValue(message, nsid)
    assert.deepEqual(Buffer.from(data as Uint8Array), Buffer.from(official.toBytes()))
    const read = Frame.fromBytes(data as Uint8Array) as MessageFrame
    assert.equal(read.type, '#greeting')
    assert.deepEqual(read.body, { text: 'grüße 👋', count: 3, list: [{ b: 1, aa: true }] })
    assert.equal(error, undefined)
  })

  it('names messages of other lexicons in full, and leaves out what is undefined', () => {
    const message = { $type: 'org.example.subscribers#x', text: undefined }
    const { data } = messageFrame(nsid, message, 'cbor')
    const read = Frame.fromBytes(data as Uint8Array) as MessageFrame
    assert.deepEqual([read.type, read.body], ['org.example.subscribers#x', {}])
  })

  it('needs the type of its message', () => {
    assert.throws(() => messageFrame(nsid, { text: 'x' }, 'cbor'), /has no \$type/)
  })

  it('takes nothing along that is not its own', () => {
    const { data } = messageFrame(nsid, { $type: `${nsid}#greeting` }, 'cbor')
    assert.equal((data as Uint8Array).buffer.byteLength, data.length)
  })

  it('of an error is as the official one', () => {
    const body = { error: 'FutureCursor', message: 'Cursor in the future' }
    const { data, error } = errorFrame(body, 'cbor')
    assert.deepEqual(Buffer.from(data as Uint8Array), Buffer.from(new ErrorFrame(body).toBytes()))
    assert.equal(error, 'FutureCursor')
  })

  it('in JSON has its type and the rest as they are, whatever CBOR would make of them', () => {
    const record = { half: 0.5, blob: { $link: 'no link' } }
    const { data } = messageFrame(nsid, { $type: `${nsid}#record`, record }, 'json')
    assert.deepEqual(JSON.parse(data as string), { $type: '#record', record })
    const body = { error: 'FutureCursor', message: 'Cursor in the future' }
    const refused = errorFrame(body, 'json')
    assert.deepEqual([JSON.parse(refused.data as string), refused.error], [body, 'FutureCursor'])
  })
})
