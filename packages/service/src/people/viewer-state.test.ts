import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ResourceUri } from '@atcute/lexicons/syntax'
import { viewerState } from './viewer-state.ts'

const uri = (name: string): ResourceUri =>
  `at://did:plc:aaaaaaaaaaaaaaaaaaaaaaaa/app.bsky.graph.${name}/3aaaaaaaaaaaa`
const follows = { following: uri('follow'), followedBy: uri('follow') }

test('strangers have nothing to do with each other', () => {
  assert.deepEqual(viewerState({}), { muted: false, blockedBy: false })
})

test('follows show both ways', () => {
  assert.deepEqual(viewerState(follows), { muted: false, blockedBy: false, ...follows })
})

test('a block by list is a block, whoever blocks', () => {
  assert.deepEqual(viewerState({ blockingByList: uri('listblock') }), {
    muted: false,
    blockedBy: false,
    blocking: uri('listblock'),
  })
  assert.deepEqual(viewerState({ blockedByList: uri('listblock') }), { muted: false, blockedBy: true })
})

test('a block of one’s own is named before one by list', () => {
  const { blocking } = viewerState({ blocking: uri('block'), blockingByList: uri('listblock') })
  assert.equal(blocking, uri('block'))
})

test('no follow shows across a block of any kind', () => {
  for (const block of ['blocking', 'blockedBy', 'blockingByList', 'blockedByList']) {
    const { following, followedBy } = viewerState({ ...follows, [block]: uri('block') })
    assert.deepEqual([following, followedBy], [undefined, undefined], block)
  }
})
