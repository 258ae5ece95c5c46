import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { assertOfficial, flawsOf } from './official-lexicons.ts'
import type { Answer } from './overhear.ts'

const message = {
  id: '3m5zzzzzzzz22',
  rev: '3m5zzzzzzzz22',
  text: 'Hello',
  sender: { did: 'did:plc:aaaaaaaaaaaaaaaaaaaaaaaa' },
  sentAt: '2026-01-01T00:00:00.000Z',
}

function answered(given: Partial<Answer> & { json?: unknown }): Answer {
  const { json = message, ...rest } = given
  return {
    verb: 'POST',
    path: '/xrpc/chat.bsky.convo.sendMessage',
    status: 200,
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify(json),
    ...rest,
  }
}

const refusal = (error: string, status: number) => answered({ status, json: { error, message: 'A reason' } })

describe('the official lexicons', () => {
  test('pass what they declare', () => {
    assert.deepEqual(flawsOf(answered({})), [])
    assert.deepEqual(flawsOf(refusal('InvalidConvo', 400)), [])
    assert.deepEqual(flawsOf(refusal('BadJwtLexiconMethod', 401)), [])
    assert.deepEqual(flawsOf(refusal('MethodNotImplemented', 501)), [])
  })

  test('catch a field that is missing, null or of another format', () => {
    const { rev, ...withoutRev } = message
    assert.deepEqual(flawsOf(answered({ json: withoutRev })), ['Output must have the property "rev"'])
    assert.match(flawsOf(answered({ json: { ...message, facets: null } })).join(), /facets/)
    assert.match(flawsOf(answered({ json: { ...message, sentAt: 'yesterday' } })).join(), /sentAt/)
    assert.match(flawsOf(answered({ json: { ...message, sender: { did: rev } } })).join(), /did/)
  })

  test('catch a type that nobody knows, although unions are open', () => {
    const json = { messages: [{ ...message, $type: 'chat.bsky.convo.defs#massageView' }] }
    const answer = answered({ verb: 'GET', path: '/xrpc/chat.bsky.convo.getMessages', json })
    assert.deepEqual(flawsOf(answer), ['no official lexicon has chat.bsky.convo.defs#massageView'])
  })

  test('catch a refusal with an undeclared name, another status or more than two fields', () => {
    assert.deepEqual(flawsOf(refusal('OwnerCannotLeave', 400)), ['its lexicon declares no OwnerCannotLeave'])
    assert.deepEqual(flawsOf(refusal('InvalidConvo', 404)), ['InvalidConvo is 400'])
    assert.deepEqual(flawsOf(refusal('InternalServerError', 500)), ['not a status of a refusal'])
    const chatty = answered({ status: 400, json: { error: 'InvalidConvo', message: '', stack: '' } })
    assert.deepEqual(flawsOf(chatty), ['a refusal is {error, message}'])
  })

  test('catch what is no JSON or of another content type', () => {
    assert.deepEqual(flawsOf(answered({ body: '{' })), ['the body is no JSON'])
    assert.deepEqual(flawsOf(answered({ contentType: 'text/plain' })), [
      'content type text/plain instead of application/json',
    ])
  })

  test('name method and path of each violation, and refuse to judge nothing', () => {
    assert.throws(
      () => assertOfficial([answered({}), refusal('InvalidConvo', 404)]),
      /POST \/xrpc\/chat\.bsky\.convo\.sendMessage \(404\): InvalidConvo is 400/,
    )
    assert.throws(() => assertOfficial([]), /nothing was overheard/)
  })
})
