import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  ChatBskyConvoGetConvoForMembers,
  ChatBskyConvoGetLog,
  ChatBskyConvoGetUnreadCounts,
  ChatBskyConvoListConvos,
} from '@atcute/bluesky'
import { invalidRequest } from '../errors.ts'
import { createParamsReader } from './params.ts'

const readLog = createParamsReader(ChatBskyConvoGetLog.mainSchema.params)
const readList = createParamsReader(ChatBskyConvoListConvos.mainSchema.params)
const readMembers = createParamsReader(ChatBskyConvoGetConvoForMembers.mainSchema.params)
const readCounts = createParamsReader(ChatBskyConvoGetUnreadCounts.mainSchema.params)

function refused(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    assert.equal((error as Error).name, invalidRequest('').name)
    return (error as Error).message
  }
  assert.fail('accepted')
}

describe('params', () => {
  it('get the defaults of the lexicon', () => {
    assert.deepEqual(readList(''), { limit: 50 })
    assert.deepEqual(readCounts(''), { includeGroupChats: true })
    assert.deepEqual(createParamsReader(null)('a=b'), {})
  })

  it('become integers and booleans where the lexicon says so', () => {
    assert.deepEqual(readList('limit=7&status=accepted'), { limit: 7, status: 'accepted' })
    assert.deepEqual(readCounts('includeGroupChats=false'), { includeGroupChats: false })
  })

  it('that are not what they should be are refused with their name, and nothing of what was sent', () => {
    for (const limit of [
      'x',
      '7.5',
      '1e1',
      '0x7',
      '%207',
      '7a',
      '+7',
      '0',
      '101',
      '-1',
      '9'.repeat(17),
      'NaN',
    ]) {
      assert.match(
        refused(() => readList(`limit=${limit}`)),
        /^Invalid params: .*\.limit/,
      )
    }
    for (const value of ['1', 'True', 'yes']) {
      assert.match(
        refused(() => readCounts(`includeGroupChats=${value}`)),
        /\.includeGroupChats/,
      )
    }
    assert.ok(!refused(() => readList('limit=SECRET')).includes('SECRET'))
    assert.ok(!refused(() => readMembers('members=SECRET')).includes('SECRET'))
  })

  it('that are empty count as absent', () => {
    assert.deepEqual(readLog('cursor='), {})
    assert.deepEqual(readLog('cursor'), {})
    assert.deepEqual(readList('limit=&cursor=&status='), { limit: 50 })
    assert.match(
      refused(() => readMembers('members=')),
      /missing_value at \.members/,
    )
  })

  it('that repeat are a list where the lexicon has one, in their order', () => {
    assert.deepEqual(readMembers('members=did:web:a.example&members=did%3Aweb%3Ab.example'), {
      members: ['did:web:a.example', 'did:web:b.example'],
    })
    assert.deepEqual(readMembers('members=did:web:a.example&members='), { members: ['did:web:a.example'] })
    const eleven = Array.from({ length: 11 }, (_, at) => `members=did:web:a${at}.example`).join('&')
    assert.match(
      refused(() => readMembers(eleven)),
      /invalid_array_length at \.members/,
    )
  })

  it('that repeat elsewhere are refused', () => {
    assert.equal(
      refused(() => readLog('cursor=a&cursor=b')),
      'Invalid params: cursor may be given only once',
    )
    assert.equal(
      refused(() => readList('limit=7&limit=7')),
      'Invalid params: limit may be given only once',
    )
  })

  it('unknown to the lexicon are ignored, whatever their names', () => {
    assert.deepEqual(readLog('cursor=a&__proto__=x&__proto__=y&constructor=z&toString=1&a[]=2'), {
      cursor: 'a',
    })
  })

  it('are decoded as forms are', () => {
    assert.deepEqual(readLog('cursor=a+b%2Bc%20%C3%A9'), { cursor: 'a b+c é' })
    assert.deepEqual(readLog('cursor=%zz%'), { cursor: '%zz%' })
    assert.equal((readLog('cursor=%ff%ed%a0%80') as { cursor: string }).cursor.isWellFormed(), true)
  })
})
