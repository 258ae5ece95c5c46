import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { AppError, OperatorError } from './errors.ts'
import { describeError } from './logger.ts'

describe('an error in the log', () => {
  it('keeps its name, code, message, place and causes', () => {
    const cause = Object.assign(new Error('database is locked'), { code: 'ERR_SQLITE_ERROR' })
    const described = describeError(new AppError('UpstreamFailure', 'gone', { cause }))
    assert.deepEqual(
      [described.name, described.message, described.code],
      ['UpstreamFailure', 'gone', undefined],
    )
    assert.deepEqual(
      [described.cause?.message, described.cause?.code],
      ['database is locked', 'ERR_SQLITE_ERROR'],
    )
    assert.match(described.stack![0]!, /^at .*logger\.test\.ts:\d+:\d+/)
  })

  it('has no stack where it is the operator’s to mend', () => {
    const cause = new OperatorError('The database: the disk is full; make room')
    assert.deepEqual(describeError(new AppError('ServiceUnavailable', 'nothing was stored', { cause })), {
      name: 'ServiceUnavailable',
      message: 'nothing was stored',
      cause: { name: 'OperatorError', message: 'The database: the disk is full; make room' },
    })
  })

  it('quotes nothing of what was being worked on', () => {
    const secret = 'a private message'
    const failures = [
      () => JSON.parse(`{"text": ${secret}`),
      () => new URL(secret),
      () => Buffer.from(secret, secret as BufferEncoding),
      () => Buffer.alloc(secret as unknown as number),
      () => {
        throw Object.assign(new Error('bug'), { input: secret, row: { text: secret } })
      },
      () => {
        throw secret
      },
    ]
    for (const failure of failures) {
      try {
        failure()
        assert.fail('did not fail')
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error
        assert.ok(!JSON.stringify(describeError(error)).includes('private'), failure.toString())
      }
    }
  })

  it('ends, though its causes go in a circle', () => {
    const error = new Error('round')
    error.cause = error
    assert.ok(JSON.stringify(describeError(error)).length < 20_000)
  })
})
