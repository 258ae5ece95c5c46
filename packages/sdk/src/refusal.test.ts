import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChatErrorCode } from './errors.ts'
import { refusalError } from './refusal.ts'

function codeFor(status: number, lexError?: string, message?: string): ChatErrorCode {
  return errorFor(status, lexError, message).code
}

function errorFor(status: number, lexError?: string, message?: string, changes = true) {
  const method = 'chat.bsky.convo.sendMessage'
  return refusalError({
    method,
    status,
    lexError,
    message,
    retryAfterMs: undefined,
    changes,
    proxy: undefined,
  })
}

test('all ways of saying that the DM permission is missing are one error with a remedy', () => {
  for (const [status, name, text] of [
    [400, 'InvalidToken', 'Bad token method'],
    [400, 'InvalidToken', 'Bad token scope'],
    [403, 'ScopeMissingError', 'Missing required scope "rpc:chat.bsky.convo.listConvos"'],
    [
      400,
      'InvalidRequest',
      'insufficient access to request a service auth token for the following method: x',
    ],
  ] as const) {
    const error = errorFor(status, name, text)
    assert.equal(error.code, 'auth/missing-dm-scope', text)
    assert.match(error.hint ?? '', /Allow access to your direct messages/)
  }
})

test('a refused recipient is known by the name, and by the text of services older than the names', () => {
  const texts: [string, string, ChatErrorCode][] = [
    ['MessagesDisabled', 'recipient has disabled incoming messages', 'recipient/disabled'],
    [
      'NotFollowedBySender',
      'recipient requires incoming messages to come from someone they follow',
      'recipient/requires-follow',
    ],
    ['BlockedActor', 'block between recipient and sender', 'recipient/blocked'],
    ['BlockedSubject', 'block between recipient and sender', 'recipient/blocked'],
    ['AccountSuspended', 'Account is disabled', 'sender/suspended'],
    ['RecipientNotFound', 'recipient does not exist', 'recipient/not-found'],
    ['InvalidConvo', 'Convo not found', 'convo/not-found'],
  ]
  for (const [name, text, code] of texts) {
    assert.equal(codeFor(400, name, 'in other words'), code)
    assert.equal(codeFor(400, 'InvalidRequest', text), code)
  }
})

test('a call that reached no chat service is not routed, and the hint names the remedy', () => {
  assert.equal(codeFor(404, 'XRPCNotSupported', 'XRPCNotSupported'), 'not-routed')
  assert.equal(codeFor(501, 'MethodNotImplemented', 'Method Not Implemented'), 'not-routed')
  assert.equal(codeFor(400, 'InvalidRequest', 'could not resolve proxy did'), 'not-routed')
  assert.equal(codeFor(404), 'not-routed')
  assert.match(errorFor(501).hint ?? '', /withBskyChatProxy/)
})

test('every error that a chat lexicon declares has a code of its own', () => {
  const declared =
    'AccountSuspended BlockedActor BlockedSubject ConvoLocked ConvoLockedByModeration ' +
    'EnabledJoinLinkAlreadyExists FollowRequired InsufficientRole InvalidCode InvalidConvo InvalidJoinRequest ' +
    'LinkAlreadyEnabled LinkDisabled MemberLimitReached MessageDeleteNotAllowed MessagesDisabled ' +
    'NewAccountCannotCreateGroup NoJoinLink NotFollowedBySender OwnerCannotLeave ReactionInvalidValue ' +
    'ReactionLimitReached ReactionMessageDeleted ReactionNotAllowed RecipientNotFound ReplyTargetNotFound ' +
    'UserForbidsGroups UserKicked'
  for (const name of declared.split(' ')) assert.notEqual(codeFor(400, name), 'refused', name)
})

test('an unknown name keeps its name; names that objects inherit are unknown', () => {
  const error = errorFor(400, 'BrandNewError', 'something new')
  assert.deepEqual([error.code, error.lexError], ['refused', 'BrandNewError'])
  assert.equal(codeFor(400, 'constructor'), 'refused')
  assert.equal(codeFor(400, '__proto__'), 'refused')
})

test('delivered is unknown only of a change that a broken server may have made', () => {
  assert.equal(errorFor(502).delivered, 'unknown')
  assert.equal(errorFor(500).delivered, 'unknown')
  assert.equal(errorFor(501).delivered, 'no')
  assert.equal(errorFor(400).delivered, 'no')
  assert.equal(errorFor(429).delivered, 'no')
  assert.equal(errorFor(502, undefined, undefined, false).delivered, 'no')
})

test('what a server wrote can neither move the cursor of a terminal nor fill a log', () => {
  const { message } = errorFor(400, '\u001b]0;title\u0007', `\u001b[2J\n\u202e${'x'.repeat(9999)}`)
  assert.doesNotMatch(message, /[\p{Cc}\p{Cf}]/u)
  assert.ok(message.length < 500)
})
