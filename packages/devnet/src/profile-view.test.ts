import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Person, Relationship } from '@parley/service'
import { profileView } from './profile-view.ts'

const person: Person = {
  did: 'did:plc:aaaaaaaaaaaaaaaaaaaaaaaa',
  handle: 'alice.test',
  labels: [],
  allowIncoming: 'all',
  allowGroupInvites: 'all',
}

test('a profile that nobody looks at has no viewer, and none shows our own reading of the declaration', () => {
  assert.deepEqual(profileView(person), { did: person.did, handle: 'alice.test', labels: [] })
})

test('who is blocked does not see a follow', () => {
  const relationship: Relationship = {
    following: 'at://did:plc:bbbbbbbbbbbbbbbbbbbbbbbb/app.bsky.graph.follow/3aaaaaaaaaaaa',
    blockedBy: 'at://did:plc:aaaaaaaaaaaaaaaaaaaaaaaa/app.bsky.graph.block/3aaaaaaaaaaaa',
  }
  assert.deepEqual(profileView(person, relationship).viewer, { muted: false, blockedBy: true })
})
