import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { testDid } from '../auth/test-tokens.ts'
import { errorResponse } from './error-response.ts'
import { createRateLimiter, messagesSent, RateLimitExceeded } from './rate-limit.ts'

const alice = testDid('alice')
const bob = testDid('bob')
const limits = {
  calls: { count: 10, periodSec: 5 },
  anonymousCalls: { count: 4, periodSec: 2 },
  sends: [
    { count: 6, periodSec: 60 },
    { count: 20, periodSec: 86_400 },
  ],
  changes: [{ count: 3, periodSec: 60 }],
  newConvos: { count: 2, periodSec: 3600 },
}

function world() {
  const time = { nowMs: 1000 }
  const limiter = createRateLimiter({ limits, clock: { now: () => time.nowMs } })
  return { time, limiter }
}

/** The seconds that a refused action is told to wait; 0 where it is admitted. */
function waitOf(action: () => void): number {
  try {
    action()
    return 0
  } catch (error) {
    assert.ok(error instanceof RateLimitExceeded)
    return error.retryAfterSec
  }
}

describe('a rate limit', () => {
  it('counts new convos for themselves', () => {
    const { limiter } = world()
    for (let convo = 0; convo < 2; convo += 1) limiter.admitNewConvos(alice, 1)
    assert.equal(
      waitOf(() => limiter.admitNewConvos(alice, 1)),
      1800,
    )
    limiter.admitNewConvos(bob, 1)
    limiter.admitCall(alice)
  })

  it('counts changes for themselves', () => {
    const { limiter } = world()
    for (let change = 0; change < 3; change += 1) limiter.admitChange(alice)
    assert.equal(
      waitOf(() => limiter.admitChange(alice)),
      20,
    )
    limiter.admitChange(bob)
    limiter.admitSends(alice, 1)
  })

  it('lets a group of many through once, and its creator wait for the next', () => {
    const { limiter } = world()
    limiter.admitNewConvos(alice, 5)
    assert.equal(
      waitOf(() => limiter.admitNewConvos(alice, 1)),
      4 * 1800,
    )
  })

  it('admits a full bucket at once and then as much as flows in', () => {
    const { time, limiter } = world()
    for (let call = 0; call < 10; call += 1) limiter.admitCall(alice)
    assert.equal(
      waitOf(() => limiter.admitCall(alice)),
      1,
    )
    time.nowMs += 499
    assert.equal(
      waitOf(() => limiter.admitCall(alice)),
      1,
    )
    time.nowMs += 1
    assert.equal(
      waitOf(() => limiter.admitCall(alice)),
      0,
    )
    assert.equal(
      waitOf(() => limiter.admitCall(alice)),
      1,
    )
  })

  it('saves up no more than a full bucket', () => {
    const { time, limiter } = world()
    limiter.admitCall(alice)
    time.nowMs += 3_600_000
    for (let call = 0; call < 10; call += 1) limiter.admitCall(alice)
    assert.equal(
      waitOf(() => limiter.admitCall(alice)),
      1,
    )
  })

  it('is no account that of another', () => {
    const { limiter } = world()
    for (let call = 0; call < 10; call += 1) limiter.admitCall(alice)
    assert.equal(
      waitOf(() => limiter.admitCall(bob)),
      0,
    )
  })

  it('is one for all who call without a token, and none of theirs touches an account', () => {
    const { time, limiter } = world()
    for (let call = 0; call < 4; call += 1) limiter.admitAnonymousCall()
    assert.equal(
      waitOf(() => limiter.admitAnonymousCall()),
      1,
    )
    limiter.admitCall(alice)
    time.nowMs += 500
    limiter.admitAnonymousCall()
  })

  it('counts the messages of a batch one by one and takes nothing when it refuses', () => {
    const { limiter } = world()
    limiter.admitSends(alice, 4)
    assert.equal(
      waitOf(() => limiter.admitSends(alice, 3)),
      10,
    )
    assert.equal(
      waitOf(() => limiter.admitSends(alice, 2)),
      0,
    )
    assert.equal(
      waitOf(() => limiter.admitSends(alice, 1)),
      10,
    )
  })

  it('that says how long to wait admits after that time', () => {
    const { time, limiter } = world()
    limiter.admitSends(alice, 6)
    const waitSec = waitOf(() => limiter.admitSends(alice, 5))
    time.nowMs += waitSec * 1000 - 1
    assert.equal(
      waitOf(() => limiter.admitSends(alice, 5)),
      1,
    )
    time.nowMs += 1
    assert.equal(
      waitOf(() => limiter.admitSends(alice, 5)),
      0,
    )
  })

  it('lets a batch larger than the bucket through when it is full, on credit', () => {
    const { time, limiter } = world()
    limiter.admitSends(alice, 10)
    assert.equal(
      waitOf(() => limiter.admitSends(alice, 1)),
      50,
    )
    time.nowMs += 49_999
    assert.equal(
      waitOf(() => limiter.admitSends(alice, 1)),
      1,
    )
    time.nowMs += 1
    assert.equal(
      waitOf(() => limiter.admitSends(alice, 1)),
      0,
    )
  })

  it('holds for the day as well as for the minute', () => {
    const { time, limiter } = world()
    for (let minute = 0; minute < 3; minute += 1) {
      limiter.admitSends(alice, 6)
      time.nowMs += 60_000
    }
    limiter.admitSends(alice, 2)
    assert.ok(waitOf(() => limiter.admitSends(alice, 1)) > 3600)
  })

  it('is not shaken by a clock that goes backwards', () => {
    const { time, limiter } = world()
    limiter.admitSends(alice, 6)
    time.nowMs -= 1000
    assert.equal(
      waitOf(() => limiter.admitSends(alice, 1)),
      10,
    )
  })

  it('says the seconds in a header and, since a PDS drops that, in the message', () => {
    const response = errorResponse(new RateLimitExceeded(17))
    assert.equal(response.status, 429)
    assert.equal(response.headers['retry-after'], '17')
    assert.deepEqual(response.body, {
      error: 'RateLimitExceeded',
      message: 'Rate Limit Exceeded, retry after 17 seconds',
    })
  })
})

describe('the messages of a call', () => {
  it('are one for a send, the items of a batch, and none for anything else', () => {
    assert.equal(messagesSent('chat.bsky.convo.sendMessage', {}), 1)
    assert.equal(messagesSent('chat.bsky.convo.sendMessageBatch', { items: [{}, {}, {}] }), 3)
    assert.equal(messagesSent('chat.bsky.convo.getLog', undefined), 0)
  })
})
