import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ChatBskyConvoGetLog, ChatBskyConvoSendMessage, ChatBskyConvoSendMessageBatch } from '@atcute/bluesky'
import { jsonDepthMax } from '../limits.ts'
import type { MethodSchema } from './endpoint.ts'
import { createInputReader } from './input.ts'

const contentType = 'application/json'

function read(schema: MethodSchema, text: string): unknown {
  return createInputReader(schema)({ contentType, bytes: Buffer.from(text) })
}

const readSend = (text: string) => read(ChatBskyConvoSendMessage.mainSchema, text)

function refused(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    assert.equal((error as Error).name, 'InvalidRequest', String(error))
    return (error as Error).message
  }
  assert.fail('accepted')
}

function send(text: string): string {
  return JSON.stringify({ convoId: 'c', message: { text } })
}

describe('input', () => {
  it('keeps fields that the lexicon does not know, such as our idempotencyKey', () => {
    const body = { convoId: 'c', message: { text: 'hi', later: { a: [1] } }, idempotencyKey: 'k' }
    assert.deepEqual(readSend(JSON.stringify(body)), body)
    const batch = { items: [{ convoId: 'c', message: { text: 'hi' }, idempotencyKey: 'k' }] }
    assert.deepEqual(read(ChatBskyConvoSendMessageBatch.mainSchema, JSON.stringify(batch)), batch)
  })

  it('is refused with the path of what is wrong, and nothing of what was sent', () => {
    const message = refused(() => readSend('{"convoId":"SECRET","message":{"text":["SECRET"],"SECRET":1}}'))
    assert.equal(message, 'Invalid input: invalid_type at .message.text (expected string)')
    assert.match(
      refused(() => readSend('{}')),
      /^Invalid input: missing_value at \.convoId/,
    )
    assert.match(
      refused(() => readSend('{"convoId":null,"message":{"text":""}}')),
      /at \.convoId/,
    )
  })

  it('counts graphemes as people do, and bytes as UTF-8 does', () => {
    const family = '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'
    readSend(send('a'.repeat(1000)))
    readSend(send(`${family.repeat(400)}${'e\u0301'.repeat(300)}${'a'.repeat(200)}`))
    readSend(send('\u{1f600}'.repeat(1000)))
    assert.match(
      refused(() => readSend(send('a'.repeat(1001)))),
      /graphemes at \.message\.text/,
    )
    assert.match(
      refused(() => readSend(send('\u{1f600}'.repeat(1001)))),
      /graphemes at \.message\.text/,
    )
    assert.match(
      refused(() => readSend(send('e\u0301'.repeat(1001)))),
      /graphemes at \.message\.text/,
    )
    assert.match(
      refused(() => readSend(send(family.repeat(600)))),
      /length at \.message\.text/,
    )
  })

  it('is refused where a string holds half a surrogate pair, wherever it is', () => {
    const bad = [
      '{"convoId":"c","message":{"text":"\\ud800"}}',
      '{"convoId":"c","message":{"text":"a\\uDC00b"}}',
      '{"convoId":"c","message":{"text":"\\udc00\\ud800"}}',
      '{"convoId":"\\ud800","message":{"text":"a"}}',
      '{"convoId":"c","message":{"text":"a"},"extra":[[{"deep":"\\ud83d"}]]}',
      '{"convoId":"c","message":{"text":"a","\\ud800":1}}',
    ]
    for (const text of bad)
      assert.match(
        refused(() => readSend(text)),
        /surrogate/,
      )
    assert.deepEqual(readSend('{"convoId":"c","message":{"text":"\\ud83d\\ude00"}}'), {
      convoId: 'c',
      message: { text: '\u{1f600}' },
    })
  })

  it('is refused where it would reach for prototypes', () => {
    const bad = [
      '"__proto__":{"a":1}',
      '"message":{"text":"a","__proto__":{}}',
      '"x":[{"constructor":{"prototype":{}}}]',
    ]
    for (const field of bad) {
      const text = `{"convoId":"c","message":{"text":"a"},${field}}`
      assert.equal(
        refused(() => readSend(text)),
        'Invalid JSON: forbidden field name',
      )
    }
    assert.equal(({} as { a?: number }).a, undefined)
  })

  it('is refused where it is nested without end', () => {
    const nested = (levels: number) =>
      `{"convoId":"c","message":{"text":"a"},"x":${'['.repeat(levels)}${']'.repeat(levels)}}`
    readSend(nested(jsonDepthMax - 1))
    assert.match(
      refused(() => readSend(nested(jsonDepthMax))),
      /nested deeper/,
    )
    assert.match(
      refused(() => readSend(nested(500_000))),
      /nested deeper|Invalid JSON/,
    )
    assert.match(
      refused(() => readSend('{"x":'.repeat(200_000))),
      /Invalid JSON/,
    )
  })

  it('is refused quickly where everything in a large list is wrong', () => {
    const text = (length: number) => JSON.stringify({ items: Array.from({ length }, () => 5) })
    assert.match(
      refused(() => read(ChatBskyConvoSendMessageBatch.mainSchema, text(10_000))),
      /^Invalid input: .{1,200}$/,
    )
    assert.match(
      refused(() => read(ChatBskyConvoSendMessageBatch.mainSchema, text(100_000))),
      /^Invalid JSON: more than 50000 values$/,
    )
  })

  it('is refused where a method takes none', () => {
    assert.equal(read(ChatBskyConvoGetLog.mainSchema, ''), undefined)
    assert.match(
      refused(() => read(ChatBskyConvoGetLog.mainSchema, '{}')),
      /none was expected/,
    )
  })
})
