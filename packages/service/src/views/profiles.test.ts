import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Did } from '@atcute/lexicons/syntax'
import { AppViewPeople } from '../people/appview-people.ts'
import { MemoryPeople } from '../people/memory-people.ts'
import { memoryStore } from '../store/memory/memory-store.ts'
import { loadProfiles } from './profiles.ts'

const viewer: Did = 'did:plc:vvvvvvvvvvvvvvvvvvvvvvvv'
const other: Did = 'did:plc:bbbbbbbbbbbbbbbbbbbbbbbb'
const clock = { now: () => 0 }
const store = memoryStore(clock)

test('an account that is gone is missing, and named so', async () => {
  const profiles = await loadProfiles({ people: new MemoryPeople(), store }, viewer, { dids: [other] })
  assert.equal(profiles.isMissing(other), true)
  assert.equal(profiles.view(other).handle, 'missing.invalid')
})

test('a viewer of whom the network has not heard yet is not missing in their own views', async () => {
  const people = new MemoryPeople()
  people.add(other, { handle: 'other.test' })
  const profiles = await loadProfiles({ people, store }, viewer, { dids: [viewer, other] })
  assert.equal(profiles.isMissing(viewer), false)
  assert.equal(profiles.view(viewer).handle, 'handle.invalid')
  assert.equal(profiles.view(other).handle, 'other.test')
})

test('while the AppView is away nobody is missing, and views are there without names', async () => {
  const people = new AppViewPeople({
    url: 'http://appview.test',
    clock,
    fetch: async () => new Response('', { status: 503 }),
  })
  const profiles = await loadProfiles({ people, store }, viewer, { dids: [viewer, other] })
  assert.equal(profiles.isMissing(other), false)
  assert.deepEqual(profiles.view(other), {
    did: other,
    handle: 'handle.invalid',
    labels: [],
    viewer: { muted: false, blockedBy: false },
    chatDisabled: false,
  })
})
