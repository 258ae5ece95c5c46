import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readRecord } from './indexed-record.ts'

const cid = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'

function avatarOf(avatar: unknown) {
  const record = readRecord('app.bsky.actor.profile', 'self', {
    $type: 'app.bsky.actor.profile',
    displayName: 'Someone',
    avatar,
  })
  assert.ok(record?.collection === 'app.bsky.actor.profile')
  assert.equal(record.profile.displayName, 'Someone')
  return record.profile.avatar
}

test('a picture is kept by its CID, in the form of today and in that of the first days', () => {
  assert.equal(avatarOf({ $type: 'blob', ref: { $link: cid }, mimeType: 'image/png', size: 1 }), cid)
  assert.equal(avatarOf({ cid, mimeType: 'image/png' }), cid)
})

test('a picture of the first days whose CID is none is left out, and the rest of the profile kept', () => {
  for (const wrong of ['x'.repeat(60_000), 'javascript:alert(1)', `${cid}a`, '']) {
    assert.equal(avatarOf({ cid: wrong, mimeType: 'image/png' }), undefined, wrong.slice(0, 70))
  }
})
